import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { roundedTo, typedNumber } from './exact-number.ts'

/** The value of a decimal text as a whole number of 10^-400. */
function unitsOf(text: string): bigint {
  const [, sign = '', whole = '', part = '', power = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text)!
  const shift = 400 + Number(power) - part.length
  const digits = BigInt(`${sign}${whole}${part}` || '0')
  return shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift)
}

describe('a number', () => {
  test.for(['0', '-0', '0.1', '1e3', '1E+3', '1.50', '100', '0.30000000000000004', '1e21', '1e-7', '5e-324', '0e999', '00.10'])(
    '%s is kept exactly',
    (text) => {
      expect(roundedTo(text)).toBeUndefined()
    },
  )

  test.for([
    ['1234567890123456789', '1234567890123456800'],
    ['-1234567890123456789', '-1234567890123456800'],
    ['9007199254740993', '9007199254740992'],
    ['0.1000000000000000055', '0.1'],
    ['1e400', 'Infinity'],
    ['1e-400', '0'],
    ['123456789012345678e5', '1.2345678901234568e+22'],
  ] as const)('%s would become %s', ([text, rounded]) => {
    expect(roundedTo(text)).toBe(rounded)
  })

  test('that was printed comes back, however it is written', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        for (const text of [String(number), number.toExponential(), JSON.stringify(number)])
          expect(roundedTo(text)).toBeUndefined()
      }),
    )
  })

  test('is accepted exactly when the text of what is kept has the same value', () => {
    const digits = fc.stringMatching(/^\d{1,25}$/)
    const decimals = fc.tuple(fc.constantFrom('', '-'), digits, digits, fc.integer({ min: -30, max: 30 }))
    fc.assert(
      fc.property(decimals, ([sign, whole, part, power]) => {
        for (const text of [`${sign}${whole}`, `${sign}${whole}.${part}`, `${sign}${whole}.${part}e${power}`])
          expect(roundedTo(text) === undefined).toBe(unitsOf(text) === unitsOf(String(Number(text))))
      }),
    )
  })

  test('of a million digits is read once', () => {
    expect(roundedTo(`0.${'0'.repeat(500_000)}${'1'.repeat(500_000)}`)).toBe('0')
    expect(roundedTo(`1${'0'.repeat(1_000_000)}`)).toBe('Infinity')
  })
})

describe('a typed number', () => {
  test.for([
    ['12', 12],
    [' 1.5 ', 1.5],
    ['1e3', 1000],
    ['.5', 0.5],
  ] as const)('%j is %d', ([text, number]) => {
    expect(typedNumber(text)).toBe(number)
  })

  test.for(['', ' ', '0x10', '0b1', 'Infinity', 'NaN', '1 2', '1,5', '1234567890123456789'])('%j is none', (text) => {
    expect(typedNumber(text)).toBeUndefined()
  })
})
