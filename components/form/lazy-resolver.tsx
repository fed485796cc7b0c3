import type { FieldErrors, FieldValues, Resolver } from 'react-hook-form'
import type { z } from 'zod'

const notLoaded = 'What you entered couldn’t be checked. Check your connection, then try again.'

/**
 * A form's resolver whose shape is fetched with the validator when the form is first submitted, for forms that stand on a page:
 * reading the page needs neither.
 */
export function lazyResolver<Input extends FieldValues, Output>(
  load: () => Promise<z.ZodType<Output, Input>>,
): Resolver<Input, unknown, Output> {
  return async (values, context, options) => {
    const parts = await Promise.all([import('@hookform/resolvers/zod'), load()]).catch(() => null)
    if (!parts) return { values: {}, errors: { root: { type: 'offline', message: notLoaded } } as FieldErrors<Input> }
    const [{ zodResolver }, shape] = parts
    return zodResolver<Input, unknown, Output>(shape as never)(values, context, options)
  }
}
