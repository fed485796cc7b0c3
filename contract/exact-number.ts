const ZERO = 0x30
const NINE = 0x39
const DOT = 0x2e

type Decimal = { digits: string; power: number }

/** The significant digits of a decimal number and the power of ten of the last one. Reads each character once. */
function decimalOf(text: string): Decimal {
  const e = text.search(/[eE]/)
  const mantissa = e < 0 ? text : text.slice(0, e)
  let power = e < 0 ? 0 : Number(text.slice(e + 1))
  let first = -1
  let last = -1
  let dot = mantissa.length
  for (let at = 0; at < mantissa.length; at++) {
    const code = mantissa.charCodeAt(at)
    if (code === DOT) dot = at
    else if (code > ZERO && code <= NINE) {
      if (first < 0) first = at
      last = at
    }
  }
  if (first < 0) return { digits: '', power: 0 }
  power += last < dot ? dot - last - 1 : dot - last
  return { digits: mantissa.slice(first, last + 1).replace('.', ''), power }
}

/**
 * What a number would become, when that is another value than its text says; undefined when it is kept exactly. The text is a
 * decimal number such as `0.1`, `-1e3` or `1234567890123456789`.
 */
export function roundedTo(text: string): string | undefined {
  const number = Number(text)
  const printed = String(number)
  if (printed === text) return undefined
  if (!Number.isFinite(number)) return printed
  const written = decimalOf(text)
  const stored = decimalOf(printed)
  return written.digits === stored.digits && written.power === stored.power ? undefined : printed
}

/** The rule that such a number breaks, as the rest of a sentence that begins with the name of its field. */
export const roundedMessage = (rounded: string) =>
  rounded.endsWith('Infinity')
    ? 'is too large for a number. Send it as a string'
    : `has more digits than a number keeps: it would become ${rounded}. Send it as a string`

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/** The number that a person typed in decimal; undefined for any other text, and when it would not be kept exactly. */
export function typedNumber(text: string): number | undefined {
  const trimmed = text.trim()
  return decimal.test(trimmed) && roundedTo(trimmed) === undefined ? Number(trimmed) : undefined
}
