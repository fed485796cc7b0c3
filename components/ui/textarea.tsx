'use client'

import { Field as Base } from '@base-ui/react/field'
import { clsx } from 'clsx'
import type { ComponentProps } from 'react'
import { control } from './control.tsx'

export interface TextareaProps extends Omit<ComponentProps<'textarea'>, 'onChange' | 'value' | 'defaultValue'> {
  value: string
  onChange: (value: string) => void
  mono?: boolean
}

/** Several lines of text; grows with its content up to its maximum height. */
export function Textarea({ value, onChange, mono = false, rows = 3, className, ...props }: TextareaProps) {
  return (
    <Base.Control
      value={value}
      onValueChange={onChange}
      render={
        <textarea
          {...props}
          rows={rows}
          // A field that grows with its content ignores `rows`.
          style={{ minHeight: `calc(${rows} * 1.25rem + 14px)` }}
          className={clsx(
            control,
            'field-sizing-content max-h-96 w-full resize-y px-2.5 py-1.5',
            mono && 'font-mono text-xs/5',
            props.readOnly && 'border-line! bg-sunken!',
            className,
          )}
        />
      }
    />
  )
}
