'use client'

import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import { useState } from 'react'
import { optionLook, selectLook } from './control.tsx'

export interface SelectOption<Value extends string = string> {
  value: Value
  label: string
  /** A second line in the list. */
  hint?: ReactNode
  /** Why it cannot be selected; a second line in the list. */
  disabledReason?: string | null
}

export interface SelectProps<Value extends string> {
  value: Value | null
  onChange: (value: Value) => void
  options: readonly SelectOption<Value>[]
  placeholder?: string
  /** The accessible name when there is no Field around it. */
  label?: string
  /** Shown before the value, inside the control: "Role". */
  prefix?: string
  size?: 'sm' | 'md'
  disabled?: boolean
  onBlur?: () => void
  ref?: Ref<HTMLButtonElement>
  className?: string
}

/** One of a fixed list. Use a Combobox for more than a dozen options. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const {
    value,
    onChange,
    options,
    placeholder = 'Choose…',
    label,
    prefix,
    size = 'md',
    disabled,
    onBlur,
    ref,
    className,
  } = props
  const [open, setOpen] = useState(false)
  const shown = options.find((option) => option.value === value)
  return (
    <Base.Root<Value>
      items={options}
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
      open={open}
      onOpenChange={setOpen}
      disabled={disabled}
    >
      <Base.Trigger
        ref={ref}
        onBlur={onBlur}
        aria-label={label && (shown ? `${label}: ${shown.label}` : label)}
        className={selectLook(size, className)}
      >
        {prefix && <span className="text-faint">{prefix}</span>}
        <Base.Value placeholder={placeholder} className="min-w-0 flex-1 truncate data-placeholder:text-faint" />
        <Base.Icon className="text-faint">
          <ChevronsUpDown className="size-3.5" />
        </Base.Icon>
      </Base.Trigger>
      {/* Stays in the document after it was open. While closed, it must not be a landmark beside those of other selects. */}
      <Base.Portal render={<section aria-label="Options" aria-hidden={!open || undefined} />}>
        <Base.Positioner sideOffset={4} collisionPadding={8} alignItemWithTrigger={false} className="z-40">
          <Base.Popup className="popup max-h-(--available-height) min-w-(--anchor-width) max-w-80 overflow-y-auto p-1">
            <Base.List>
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  disabled={Boolean(option.disabledReason)}
                  className={optionLook}
                >
                  <Base.ItemIndicator className="col-start-1 row-start-1">
                    <Check className="size-3.5" />
                  </Base.ItemIndicator>
                  <Base.ItemText className="col-start-2 row-start-1">{option.label}</Base.ItemText>
                  {(option.disabledReason ?? option.hint) && (
                    <span className="col-span-2 col-start-2 text-xs text-faint">{option.disabledReason ?? option.hint}</span>
                  )}
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
