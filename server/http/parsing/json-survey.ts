import { roundedMessage, roundedTo } from '#contract/exact-number'
import { MAX_DEPTH, MAX_VALUES, tooDeep, tooManyValues } from './limits.ts'
import { unfit } from './refusal.ts'
import { scanJson } from './scan-json.ts'

const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
const SMALL_E = 0x65
/** A number with at most this many characters and no exponent is always kept exactly. */
const ALWAYS_EXACT = 15

/** What a scan found: the number of keys, and where the first number begins that would be rounded. */
export type Survey = { keys: number; rounded: number | undefined }

/** Refuses a JSON text that would become too large or too deep, before `JSON.parse` builds it. */
export function surveyJson(bytes: Uint8Array, most: number = MAX_VALUES, refusal: () => Error = tooManyValues): Survey {
  const survey: Survey = { keys: 0, rounded: undefined }
  let values = 0
  let depth = 0
  const text = viewOf(bytes)
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
    key() {
      survey.keys++
    },
    text: count,
    word(start, end) {
      count()
      if (survey.rounded === undefined && isRounded(text, start, end)) survey.rounded = start
    },
  })
  return survey
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength)

function isRounded(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start]!
  if (first !== MINUS && (first < ZERO || first > NINE)) return false
  if (end - start <= ALWAYS_EXACT && !hasExponent(bytes, start, end)) return false
  return roundedTo(bytes.toString('latin1', start, end)) !== undefined
}

function hasExponent(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start + 1; at < end; at++) if ((bytes[at]! | 0x20) === SMALL_E) return true
  return false
}

/**
 * Refuses valid JSON whose value is not what its text says: it has a number that would be rounded, or says a key twice. A value
 * has fewer keys than its text exactly when a key is repeated, so only a refusal costs a second scan.
 */
export function assertSaid(bytes: Uint8Array, { keys, rounded }: Survey, keysOfValue: number): void {
  if (rounded === undefined && keys === keysOfValue) return
  throw firstProblem(bytes, rounded)
}

/** The path with dots of the first problem of valid JSON, found by a scan that keeps every key. */
function firstProblem(bytes: Uint8Array, rounded: number | undefined): Error {
  /** For each open list or object: the keys so far, none for a list; and the key or the index of the current value. */
  const levels: { seen: Set<string> | undefined; at: string | number }[] = []
  let problem: Error | undefined
  const text = viewOf(bytes)
  const refuse = (message: string) => {
    problem ??= unfit([{ path: levels.map(({ at }) => at).join('.'), message }], 'body')
  }
  const begin = () => {
    const level = levels.at(-1)
    if (level && !level.seen) (level.at as number)++
  }
  scanJson(bytes, {
    open(kind) {
      begin()
      levels.push(kind === 'object' ? { seen: new Set(), at: '' } : { seen: undefined, at: -1 })
    },
    close: () => void levels.pop(),
    key(start, end) {
      const level = levels.at(-1)!
      const name = JSON.parse(text.toString('utf8', start - 1, end + 1)) as string
      level.at = name
      if (level.seen!.has(name)) refuse('must be given only once')
      level.seen!.add(name)
    },
    text: begin,
    word(start, end) {
      begin()
      if (start === rounded) refuse(roundedMessage(roundedTo(text.toString('latin1', start, end))!))
    },
  })
  return problem ?? new Error('the scan found no problem')
}
