import { invalid } from './refusal.ts'

export const MAX_DEPTH = 64
/** Keys of one object. */
export const MAX_KEYS = 10_000
/** Values of one body: texts, numbers, lists and objects at any depth. */
export const MAX_VALUES = 2_000_000

export const tooDeep = () => invalid(`The body is nested deeper than ${MAX_DEPTH} levels. Send it with less nesting`)

export const tooManyValues = () =>
  invalid(`The body has more than ${MAX_VALUES.toLocaleString('en-US')} values. Send it in several requests`)
