/** Receives the values of a JSON text in order, each with its byte range. */
export type JsonListener = {
  open(kind: 'object' | 'array', at: number): void
  close(at: number): void
  /** A property's name, between its quotes. */
  key(start: number, end: number): void
  /** A text, between its quotes. */
  text(start: number, end: number): void
  /** A number, `true`, `false` or `null`; in invalid JSON, anything. */
  word(start: number, end: number): void
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
const isMark = (byte: number) =>
  byte === COMMA ||
  byte === COLON ||
  byte === CLOSE_ARRAY ||
  byte === CLOSE_OBJECT ||
  byte === OPEN_ARRAY ||
  byte === OPEN_OBJECT ||
  byte === QUOTE

/**
 * Scans the bytes of a JSON text once before anything is built, for what `JSON.parse` does not report or cannot stop at. It does
 * not validate: for invalid JSON it reports some values and continues.
 */
export function scanJson(bytes: Uint8Array, listener: JsonListener): void {
  const kinds: ('object' | 'array')[] = []
  let isKey = false
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at]!
    if (isSpace(byte) || byte === COLON) {
      if (byte === COLON) isKey = false
      at++
    } else if (byte === COMMA) {
      isKey = kinds.at(-1) === 'object'
      at++
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      const kind = byte === OPEN_OBJECT ? 'object' : 'array'
      listener.open(kind, at++)
      kinds.push(kind)
      isKey = kind === 'object'
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      kinds.pop()
      isKey = false
      listener.close(at++)
    } else if (byte === QUOTE) {
      const end = endOfText(bytes, at + 1)
      if (isKey) listener.key(at + 1, end)
      else listener.text(at + 1, end)
      at = end + 1
    } else {
      const end = endOfWord(bytes, at)
      listener.word(at, end)
      at = end
    }
  }
}

/** The position of the closing quote. */
function endOfText(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return Math.min(at, bytes.length)
}

function endOfWord(bytes: Uint8Array, start: number): number {
  let at = start + 1
  while (at < bytes.length && !isSpace(bytes[at]!) && !isMark(bytes[at]!)) at++
  return at
}
