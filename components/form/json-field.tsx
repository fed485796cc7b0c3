'use client'

import type { FieldPath, FieldValues } from 'react-hook-form'
import { Button } from '#components/ui/button'
import { Field } from '#components/ui/field'
import { Textarea } from '#components/ui/textarea'
import { type FieldOf, useFieldOf } from './field-of.ts'
import { jsonProblem, jsonProblemInWords } from './json-problem.ts'

/** A JSON value in a monospaced editor that reports syntax errors while typing. The value is the text. */
export function JsonField<Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  rows = 8,
  readOnly = false,
  ...props
}: FieldOf<Values, Name, Output> & { rows?: number; readOnly?: boolean }) {
  const { shell, value, onChange, ...field } = useFieldOf<string, Values, Name, Output>(props)
  const blank = props.optional && value.trim() === ''
  const problem = blank ? null : jsonProblem(value)
  const format = () => onChange(JSON.stringify(JSON.parse(value), null, 2))
  return (
    <Field {...shell} error={problem ? jsonProblemInWords(problem) : shell.error}>
      <Textarea
        {...field}
        name={props.name}
        value={value}
        onChange={onChange}
        rows={rows}
        readOnly={readOnly}
        mono
        spellCheck={false}
        autoCapitalize="off"
      />
      {!readOnly && (
        <div>
          <Button
            size="sm"
            onClick={format}
            disabledReason={blank ? 'There is nothing to format' : problem && 'Fix the JSON first'}
          >
            Format
          </Button>
        </div>
      )}
    </Field>
  )
}
