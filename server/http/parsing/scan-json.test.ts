import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { surveyJson } from './json-survey.ts'
import { scanJson } from './scan-json.ts'

/** The calls to the listener, as one list. */
function toldOf(text: string): string[] {
  const bytes = Buffer.from(text)
  const events: string[] = []
  const slice = (kind: string) => (start: number, end: number) =>
    void events.push(`${kind} ${bytes.toString('utf8', start, end)}`)
  scanJson(bytes, {
    open: (kind) => void events.push(kind),
    close: () => void events.push('end'),
    key: slice('key'),
    text: slice('text'),
    word: slice('word'),
  })
  return events
}

/** The expected calls, derived from the value. */
function expected(value: unknown): string[] {
  const raw = (text: string) => JSON.stringify(text).slice(1, -1)
  if (Array.isArray(value)) return ['array', ...value.flatMap(expected), 'end']
  if (typeof value === 'object' && value !== null)
    return ['object', ...Object.entries(value).flatMap(([key, inner]) => [`key ${raw(key)}`, ...expected(inner)]), 'end']
  return [typeof value === 'string' ? `text ${raw(value)}` : `word ${JSON.stringify(value)}`]
}

describe('the scanner', () => {
  test('reports every value and key in order, however the text is laid out', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.constantFrom('', '\t', '\r\n  '), (value, indent) => {
        // JSON.stringify escapes text that is not well-formed.
        const text = JSON.stringify(value, null, indent)
        expect(toldOf(text)).toEqual(expected(JSON.parse(text)))
      }),
    )
  })

  test('reads quotes and backslashes inside of text', () => {
    expect(toldOf(String.raw`{"a\"b":"c\\","d":["\\\"",1e5,true]}`)).toEqual([
      'object',
      String.raw`key a\"b`,
      String.raw`text c\\`,
      'key d',
      'array',
      String.raw`text \\\"`,
      'word 1e5',
      'word true',
      'end',
      'end',
    ])
  })

  test('ends for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void surveyJson(bytes)))
    for (const text of ['"', '"\\', '{"a', '}]}', ',,,:', '"a"b"c']) expect(() => toldOf(text)).not.toThrow()
  })
})

describe('a JSON text is refused before it is parsed', () => {
  test('when it has more than two million values, and no sooner', () => {
    const list = (n: number) => Buffer.from(`[${'0,'.repeat(n - 2)}0]`)
    expect(() => surveyJson(list(2_000_000))).not.toThrow()
    expect(() => surveyJson(list(2_000_001))).toThrow('The body has more than 2,000,000 values. Send it in several requests')
  })

  test('when it nests deeper than 64 levels, and no sooner', () => {
    const nested = (n: number) => Buffer.from('['.repeat(n) + '0' + ']'.repeat(n))
    expect(() => surveyJson(nested(64))).not.toThrow()
    expect(() => surveyJson(nested(65))).toThrow('nested deeper than 64 levels')
    expect(() => surveyJson(Buffer.from('['.repeat(10_000_000)))).toThrow('nested deeper than 64 levels')
  })
})
