'use client'

import { Input as Base } from '@base-ui/react/input'
import { clsx } from 'clsx'
import type { ComponentProps } from 'react'
import { control } from './control.tsx'

export interface InputProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value' | 'defaultValue' | 'size'> {
  value: string
  onChange: (value: string) => void
  /** For slugs, ids and tokens. */
  mono?: boolean
}

/** One line of text. */
export function Input({ value, onChange, mono = false, className, ...props }: InputProps) {
  return (
    <Base
      type="text"
      {...props}
      value={value}
      onValueChange={onChange}
      className={clsx(
        control,
        'h-8 w-full min-w-0 px-2.5',
        mono && 'font-mono',
        props.readOnly && 'border-line! bg-sunken!',
        className,
      )}
    />
  )
}
