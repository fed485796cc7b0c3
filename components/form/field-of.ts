import type { FieldPath, FieldValues, UseControllerProps } from 'react-hook-form'
import { useController } from 'react-hook-form'
import type { ReactNode } from 'react'
import { fieldProblem } from './field-problem.ts'

/** The props of every form field. Name and label are checked against the form's own values. */
export interface FieldOf<Values extends FieldValues, Name extends FieldPath<Values>, Output> {
  control: NonNullable<UseControllerProps<Values, Name, Output>['control']>
  name: Name
  label: ReactNode
  hint?: ReactNode
  optional?: boolean
  aside?: ReactNode
}

/** The state of one field, and the props of its Field. `Value` is the schema's type for that name. */
export function useFieldOf<Value, Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  control,
  name,
  ...field
}: FieldOf<Values, Name, Output>) {
  const { field: state, fieldState } = useController({ control, name })
  const { label, hint, optional, aside } = field
  const problem = fieldState.error?.message
  return {
    shell: { label, hint, optional, aside, error: problem && fieldProblem(label, problem) },
    // A path of a generic form has no type of its own, so the calling component states the type of its value.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    value: state.value as Value,
    onChange: (value: Value) => state.onChange(value),
    onBlur: state.onBlur,
    ref: state.ref,
  }
}
