import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DomainError } from '#domain/errors'
import { toValue } from './value.ts'

const read = (text: string) => toValue(Buffer.from(text), 'json')

function refusal(text: string) {
  try {
    read(text)
  } catch (error) {
    return (error as DomainError).details
  }
  return undefined
}

describe('JSON is refused when its value is not what its text says', () => {
  test.for([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":1,"b":2,"\\u0061":3}', 'a'],
    ['{"a":{"b":[{},{"c":1,"c":1}]}}', 'a.b.1.c'],
    ['{"a":{"b":1},"a":2}', 'a'],
    ['[[1,2],[{"":1,"":2}]]', '1.0.'],
    ['{"é":1,"\\u00e9":2}', 'é'],
  ] as const)('in %s a key is repeated', ([text, path]) => {
    expect(refusal(text)).toEqual([{ path, message: 'must be given only once' }])
  })

  test.for([
    ['{"metadata":{"snowflake":1234567890123456789}}', 'metadata.snowflake', '1234567890123456800'],
    ['[1,[0.5],{"a":[true,"x",9007199254740993]}]', '2.a.2', '9007199254740992'],
    ['{"a":{"b":1},"c":1e-400}', 'c', '0'],
  ] as const)('in %s a number would be rounded', ([text, path, rounded]) => {
    const message = `has more digits than a number keeps: it would become ${rounded}. Send it as a string`
    expect(refusal(text)).toEqual([{ path, message }])
  })

  test('with the first problem of several', () => {
    expect(refusal('{"a":1,"a":2,"b":1e400}')).toMatchObject([{ path: 'a' }])
    expect(refusal('{"b":1e400,"a":1,"a":2}')).toEqual([{ path: 'b', message: 'is too large for a number. Send it as a string' }])
  })

  test('and every value that JSON prints is read back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('', ' '), (value, indent) => {
        const text = JSON.stringify({ value }, null, indent)
        fc.pre(!/__proto__|\\u0000/.test(text))
        expect(read(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  test('and any repeated key is found, wherever it is', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.jsonValue(),
        fc.jsonValue(),
        fc.constantFrom('k', 'é"', '\n'),
        (before, first, second, key) => {
          const k = JSON.stringify(key)
          const text = `[${JSON.stringify(before)},{${k}:${JSON.stringify(first)},${k}:${JSON.stringify(second)}}]`
          fc.pre(!/__proto__|\\u0000/.test(text))
          expect(refusal(text)).toEqual([{ path: `1.${key}`, message: 'must be given only once' }])
        },
      ),
    )
  })
})
