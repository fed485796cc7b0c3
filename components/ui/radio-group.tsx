'use client'

import { Radio } from '@base-ui/react/radio'
import { RadioGroup as Base } from '@base-ui/react/radio-group'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { useId } from 'react'

export interface RadioOption<Value extends string> {
  value: Value
  label: ReactNode
  hint?: ReactNode
  disabledReason?: string | null
}

export interface RadioGroupProps<Value extends string> {
  label: ReactNode
  hideLabel?: boolean
  options: readonly RadioOption<Value>[]
  value: Value
  onChange: (value: Value) => void
  /** Side by side, for two or three short options. */
  inline?: boolean
}

/** One of a few, all visible. */
export function RadioGroup<Value extends string>({
  label,
  hideLabel = false,
  options,
  value,
  onChange,
  inline = false,
}: RadioGroupProps<Value>) {
  const id = useId()
  return (
    <div>
      <div id={id} className={hideLabel ? 'sr-only' : 'mb-1.5 font-medium'}>
        {label}
      </div>
      <Base
        aria-labelledby={id}
        value={value}
        onValueChange={(next) => onChange(next)}
        className={clsx('flex', inline ? 'flex-wrap gap-x-5 gap-y-2' : 'flex-col gap-2')}
      >
        {options.map((option) => (
          <Option key={option.value} {...option} />
        ))}
      </Base>
    </div>
  )
}

function Option<Value extends string>({ value, label, hint, disabledReason }: RadioOption<Value>) {
  const id = useId()
  const note = disabledReason ?? hint
  return (
    <div className="flex gap-2">
      <Radio.Root
        id={id}
        value={value}
        disabled={Boolean(disabledReason)}
        aria-labelledby={`${id}-label`}
        aria-describedby={note ? `${id}-note` : undefined}
        className="relative mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-edge bg-raised after:absolute after:-inset-2 hover:border-faint data-checked:border-accent data-checked:bg-accent data-disabled:cursor-not-allowed data-disabled:border-line data-disabled:bg-sunken"
      >
        <Radio.Indicator className="size-1.5 rounded-full bg-on-accent data-unchecked:hidden" />
      </Radio.Root>
      <div className="min-w-0">
        <label htmlFor={id} id={`${id}-label`} className={clsx('block', disabledReason && 'text-faint')}>
          {label}
        </label>
        {note && (
          <div id={`${id}-note`} className="text-xs text-muted">
            {note}
          </div>
        )}
      </div>
    </div>
  )
}
