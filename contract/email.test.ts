import { describe, expect, test } from 'vitest'
import { Email } from './common.ts'

describe('an email address', () => {
  test.for([
    ['Kim@Example.COM', 'kim@example.com'],
    [' ADA+Ops@example.com\n', 'ada+ops@example.com'],
    ['ada@XN--BCHER-KVA.example', 'ada@xn--bcher-kva.example'],
  ] as const)('%j is stored as %s', ([given, kept]) => expect(Email.parse(given)).toBe(kept))

  test.for([
    ['KELVIN SIGN', '\u212Aim@example.com'],
    ['KELVIN SIGN in the domain', 'ada@\u212Aite.example'],
    ['LATIN SMALL LETTER LONG S', 'bo\u017F@example.com'],
    ['LATIN SMALL LETTER DOTLESS I', 'k\u0131m@example.com'],
    ['LATIN CAPITAL LETTER I WITH DOT ABOVE', 'K\u0130M@example.com'],
    ['ANGSTROM SIGN', '\u212Ada@example.com'],
    ['FULLWIDTH K', '\uFF2Bim@example.com'],
    ['CYRILLIC A', '\u0430da@example.com'],
    ['a joined accent', 'ada\u0301@example.com'],
    ['an invisible joiner', 'a\u200Dda@example.com'],
    ['an invisible hyphen', 'a\u00ADda@example.com'],
  ] as const)('with a %s never equals another person’s', ([, address]) => {
    expect(Email.safeParse(address).error?.issues[0]?.message).toBe('must be an email address')
  })
})
