import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonProblem } from './json-problem.ts'

describe('jsonProblem', () => {
  test('is null for JSON, however it is laid out', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.constantFrom('', '\t', '\r\n  '), (value, indent) => {
        expect(jsonProblem(JSON.stringify(value, null, indent))).toBeNull()
      }),
    )
  })

  test.for([
    ['', 'Expected a value, but the text ends here', 1, 1],
    ['{"a": 1\n "b": 2}', 'Expected a comma or }, but found "', 2, 2],
    ['{a: 1}', 'Expected a quoted key, but found a', 1, 2],
    ['{"a" 1}', 'Expected a colon after "a", but found 1', 1, 6],
    ['[1,\n]', 'Remove the last comma', 2, 1],
    ['["x', 'This text has no closing quote, or a character that must be escaped', 1, 2],
    ['[1] 2', 'Expected the end, but found 2', 1, 5],
    ['{"a": 1, "a": 2}', 'The key "a" appears twice', 1, 10],
    ['{"a": 1,\n "\\u0061": 2}', 'The key "\\u0061" appears twice', 2, 2],
    [
      '{"a": [1234567890123456789]}',
      'This number has more digits than a number keeps: it would become 1234567890123456800. Send it as a string',
      1,
      8,
    ],
    ['["a", 01]', 'Expected a comma or ], but found 1', 1, 8],
  ] as const)('locates the mistake in %j', ([text, message, line, column]) => {
    expect(jsonProblem(text)).toEqual({ message, line, column })
  })

  test('refuses unlimited nesting instead of running out of stack', () => {
    expect(jsonProblem(`${'['.repeat(500)}${']'.repeat(500)}`)).toBeNull()
    expect(jsonProblem('['.repeat(100_000))).toEqual({ message: 'This nests too deep to be read', line: 1, column: 501 })
    expect(jsonProblem(`[${'{"a":[1]},'.repeat(20_000)}1]`)).toBeNull()
  })

  test('reads a megabyte of values and keys once', () => {
    const keys = Array.from({ length: 50_000 }, (_, i) => `"key-${i}": [${i}]`).join(', ')
    expect(jsonProblem(`{${keys}, "key-0": 1}`)).toMatchObject({ message: 'The key "key-0" appears twice' })
  })
})
