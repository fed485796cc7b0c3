'use client'

import { useState } from 'react'
import type { FieldPath, FieldValues } from 'react-hook-form'
import { Button } from '#components/ui/button'
import { Field } from '#components/ui/field'
import { Input } from '#components/ui/input'
import { type FieldOf, useFieldOf } from './field-of.ts'

const day = 86_400_000

/** The browser's control uses local time without a zone; here it always means UTC, like all times in the console. */
const toControl = (value: string | null) => (value ? new Date(value).toISOString().slice(0, 16) : '')
const fromControl = (text: string) => (text ? new Date(`${text}Z`).toISOString() : null)

interface DateTimeFieldProps {
  /** Buttons that fill the field: days from now. */
  presets?: readonly number[]
  /** What an empty field means: "Never". Shown as a button beside the presets. */
  emptyLabel?: string
  /** The latest time that can be picked; also a button. */
  latest?: string
}

/** A time in UTC, such as an expiry. The value is RFC 3339, or null when empty. */
export function DateTimeField<Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  presets = [],
  emptyLabel,
  latest,
  ...props
}: FieldOf<Values, Name, Output> & DateTimeFieldProps) {
  const { shell, value, onChange, ...field } = useFieldOf<string | null, Values, Name, Output>(props)
  // The control's value is empty while a date is half typed; its own text must then stay.
  const [text, setText] = useState({ for: value, shown: toControl(value) })
  const shown = text.for === value ? text.shown : toControl(value)
  return (
    <Field
      {...shell}
      label={
        <>
          {shell.label} <span className="font-normal text-faint">UTC</span>
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-1.5">
        <Input
          {...field}
          type="datetime-local"
          name={props.name}
          value={shown}
          max={latest && toControl(latest)}
          onChange={(next) => {
            const moment = fromControl(next)
            setText({ for: moment, shown: next })
            onChange(moment)
          }}
          className="max-w-56 tabular-nums"
        />
        {presets.map((days) => (
          <Button key={days} size="sm" variant="ghost" onClick={() => onChange(new Date(Date.now() + days * day).toISOString())}>
            {days} days
          </Button>
        ))}
        {latest && (
          <Button size="sm" variant="ghost" onClick={() => onChange(latest)}>
            Latest
          </Button>
        )}
        {emptyLabel && (
          <Button size="sm" variant="ghost" onClick={() => onChange(null)}>
            {emptyLabel}
          </Button>
        )}
      </div>
    </Field>
  )
}
