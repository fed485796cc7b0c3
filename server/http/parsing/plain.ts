import { MAX_DEPTH, MAX_KEYS, MAX_VALUES, tooDeep, tooManyValues } from './limits.ts'
import { unfit } from './refusal.ts'

/**
 * Refuses text that Postgres cannot store, excessive nesting, and keys with a meaning in JavaScript. Returns how many keys all
 * objects have together.
 */
export function assertPlain(root: unknown): number {
  /** The path to the current value; joined only for a refusal. */
  const trail: (string | number)[] = []
  let values = 0
  let allKeys = 0

  const wrong = (message: string) => unfit([{ path: trail.join('.'), message }], 'body')

  function checkText(text: string): void {
    if (text.includes('\0')) throw wrong('must not contain NUL characters')
    if (!text.isWellFormed()) throw wrong('must be valid Unicode, without lone surrogates')
  }

  function checkArray(array: unknown[]): void {
    for (let i = 0; i < array.length; i++) {
      trail.push(i)
      check(array[i])
      trail.pop()
    }
  }

  function checkObject(object: object): void {
    const keys = Object.keys(object)
    allKeys += keys.length
    if (keys.length > MAX_KEYS) throw wrong(`must have at most ${MAX_KEYS.toLocaleString('en-US')} keys`)
    for (const key of keys) {
      trail.push(key)
      if (key === '__proto__') throw wrong('is not a valid key')
      checkText(key)
      check((object as Record<string, unknown>)[key])
      trail.pop()
    }
  }

  function check(value: unknown): void {
    if (trail.length > MAX_DEPTH) throw tooDeep()
    // What YAML's aliases repeat counts each time.
    if (++values > MAX_VALUES) throw tooManyValues()
    if (typeof value === 'string') checkText(value)
    else if (Array.isArray(value)) checkArray(value)
    else if (typeof value === 'object' && value !== null) checkObject(value)
  }
  check(root)
  return allKeys
}
