import { roundedMessage, roundedTo } from '#contract/exact-number'

export interface JsonProblem {
  message: string
  line: number
  column: number
}

const word = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// JSON allows no raw control character inside a text.
// oxlint-disable-next-line no-control-regex
const quoted = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y
const blank = /[ \t\r\n]*/y

/** More than any body may nest, and far less than the stack holds. */
const DEEPEST = 500

class Stop extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

/**
 * Where and why a text is not JSON; null when it is. The message of JSON.parse differs between browsers, and some give no
 * position.
 */
export function jsonProblem(text: string): JsonProblem | null {
  let at = 0
  let depth = 0
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) at += found[0].length
    return found?.[0]
  }
  const peek = () => {
    match(blank)
    return text[at]
  }
  const stop = (expected: string): never => {
    const found = peek()
    throw new Stop(
      found === undefined ? `Expected ${expected}, but the text ends here` : `Expected ${expected}, but found ${found}`,
      at,
    )
  }
  const key = () => {
    peek()
    const start = at
    const name = match(quoted) ?? stop(text[at] === '"' ? 'a closing quote' : 'a quoted key')
    if (peek() !== ':') stop(`a colon after ${name}`)
    at++
    return { name, start }
  }
  const list = (close: '}' | ']', item: () => void) => {
    if (++depth > DEEPEST) throw new Stop('This nests too deep to be read', at)
    at++
    if (peek() !== close) {
      item()
      while (peek() === ',') {
        at++
        if (peek() === close) throw new Stop('Remove the last comma', at)
        item()
      }
    }
    if (peek() !== close) stop(`a comma or ${close}`)
    at++
    depth--
  }
  const value = () => {
    const first = peek()
    if (first === '[') return list(']', value)
    if (first === '{') {
      const seen = new Set<string>()
      return list('}', () => {
        const { name, start } = key()
        // The same name can be written in several ways: "a", "\u0061".
        const read = JSON.parse(name) as string
        if (seen.has(read)) throw new Stop(`The key ${name} appears twice`, start)
        seen.add(read)
        value()
      })
    }
    if (first === '"') {
      if (!match(quoted)) throw new Stop('This text has no closing quote, or a character that must be escaped', at)
      return
    }
    const start = at
    const found = match(word) ?? stop('a value')
    const rounded = /^[-\d]/.test(found) ? roundedTo(found) : undefined
    if (rounded !== undefined) throw new Stop(`This number ${roundedMessage(rounded)}`, start)
  }
  try {
    value()
    if (peek() !== undefined) stop('the end')
    return null
  } catch (problem) {
    if (!(problem instanceof Stop)) throw problem
    const before = text.slice(0, problem.at).split('\n')
    return { message: problem.message, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  }
}

export const jsonProblemInWords = ({ message, line, column }: JsonProblem) => `Line ${line}, column ${column}: ${message}`
