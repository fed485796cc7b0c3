'use client'

import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { type FieldPath, type FieldValues, type UseFormReturn, useFormState } from 'react-hook-form'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { Unsaved } from '#components/ui/unsaved'
import { useHydrated } from '#components/ui/use-hydrated'

/** The error of a mutation, in the shape of the API's error body. */
export interface FormError {
  message: string
  code?: string
  details?: readonly { path: string; message: string }[]
}

export interface FormProps<Values extends FieldValues, Output> {
  /** From `useForm({ resolver: zodResolver(schema), defaultValues })`; on a page, with `lazyResolver`. */
  form: UseFormReturn<Values, unknown, Output>
  onSubmit: (values: Output) => void
  /** The mutation's error. Problems of fields show only at the fields; the others show above the buttons. */
  error: FormError | null | undefined
  pending: boolean
  /** A verb and its object: "Add member". */
  submitLabel: string
  submitVariant?: 'primary' | 'destroy'
  /** Why the form cannot be saved now. */
  submitDisabledReason?: string | null
  onCancel?: () => void
  /** At the left of the buttons. */
  aside?: ReactNode
  /** Only credentials are typed, which the user has at hand: leaving doesn't ask. */
  disposable?: boolean
  className?: string
  children: ReactNode
}

const has = (values: FieldValues, path: string) => {
  const [top = ''] = path.split(/[.[]/)
  return top in values
}

/**
 * The frame of every form: its fields, one place for errors, and the row of buttons. Typed text survives a failure, and leaving asks
 * before it is lost. Cancel says that it is not wanted.
 */
export function Form<Values extends FieldValues, Output>({
  form,
  onSubmit,
  error,
  pending,
  children,
  ...props
}: FormProps<Values, Output>) {
  const hydrated = useHydrated()
  const { isDirty } = useFormState({ control: form.control })
  const now = form.getValues()
  const placed = error?.details?.filter(({ path }) => has(now, path)) ?? []
  const unplaced = error?.details?.filter(({ path }) => !has(now, path)) ?? []
  // When the whole refusal is about one field, its message says more than the field's detail.
  const sentence = placed.length === 1 && unplaced.length === 0 && error?.code !== 'invalid_request' ? error?.message : undefined

  // Server errors arrive outside React Hook Form, whose error store is imperative. Compared by content: a screen may recreate the
  // object with each render, and the focus must move only once.
  const details = JSON.stringify(placed.map(({ path, message }) => ({ path, message: sentence ?? message })))
  useEffect(() => {
    const all: NonNullable<FormError['details']> = JSON.parse(details)
    all.forEach(({ path, message }, index) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `has` found it among the form's values
      form.setError(path as FieldPath<Values>, { type: 'server', message }, { shouldFocus: index === 0 })
    })
  }, [details, form])

  return (
    <form
      noValidate
      // If the browser submits the form natively, typed text must not end up in a URL.
      method="post"
      className={props.className ?? 'space-y-4'}
      onSubmit={(event) => {
        // React events of a form in a dialog also reach the form of the page.
        event.stopPropagation()
        event.preventDefault()
        if (!pending) void form.handleSubmit((values) => onSubmit(values))(event)
      }}
    >
      <Unsaved when={isDirty && !props.disposable} />
      {children}
      {form.formState.errors.root && <Notice tone="warning" title={form.formState.errors.root.message} />}
      {error && (placed.length === 0 || unplaced.length > 0) && (
        <Notice tone="warning" title={error.message}>
          {unplaced.map(({ path, message }) => (
            <div key={path + message} className="wrap-anywhere">
              {/* Text in Hebrew or Arabic must not turn the sentence around. */}
              <bdi>{path}</bdi>: {message}
            </div>
          ))}
        </Notice>
      )}
      <div className="flex flex-wrap items-center justify-end gap-2 pt-1">
        {props.aside && <div className="mr-auto text-muted">{props.aside}</div>}
        {props.onCancel && <Button onClick={props.onCancel}>Cancel</Button>}
        <Button
          // Before hydration, the browser would submit the form natively.
          type={hydrated ? 'submit' : 'button'}
          {...(!hydrated && { 'aria-disabled': true })}
          variant={props.submitVariant ?? 'primary'}
          pending={pending}
          disabledReason={props.submitDisabledReason}
        >
          {props.submitLabel}
        </Button>
      </div>
    </form>
  )
}
