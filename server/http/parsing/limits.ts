import { invalid } from './refusal.ts'
import { scanJson } from './scan-json.ts'

export const MAX_DEPTH = 64
/** Keys of one object. */
export const MAX_KEYS = 10_000
/** Values of one body: texts, numbers, lists and objects at any depth. */
export const MAX_VALUES = 2_000_000

export const tooDeep = () => invalid(`The body is nested deeper than ${MAX_DEPTH} levels. Send it with less nesting`)

export const tooManyValues = () =>
  invalid(`The body has more than ${MAX_VALUES.toLocaleString('en-US')} values. Send it in several requests`)

/** Refuses a JSON text that would become too large or too deep, before `JSON.parse` builds it. */
export function assertModest(bytes: Uint8Array, most: number = MAX_VALUES, refusal: () => Error = tooManyValues): void {
  let values = 0
  let depth = 0
  const count = () => {
    if (++values > most) throw refusal()
    if (depth > MAX_DEPTH) throw tooDeep()
  }
  scanJson(bytes, {
    open() {
      count()
      depth++
    },
    close() {
      depth--
    },
    key() {},
    text: count,
    word: count,
  })
}
