import { describe, expect, test } from 'vitest'
import { Email, foldAddressPart } from './email.ts'

describe('an email address', () => {
  test.for([
    ['Kim@Example.COM', 'kim@example.com'],
    [' ADA+Ops@example.com\n', 'ada+ops@example.com'],
    ['ada@XN--BCHER-KVA.example', 'ada@xn--bcher-kva.example'],
    ["!#$%&'*+/=?^_`{|}~-.a@example.com", "!#$%&'*+/=?^_`{|}~-.a@example.com"],
    ['a&b/c=d#e!f*g@example.com', 'a&b/c=d#e!f*g@example.com'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@BU\u0308CHER.Example', 'ada@xn--bcher-kva.example'],
    ['ada@straße.example', 'ada@xn--strae-oqa.example'],
    ['ada@пример.рф', 'ada@xn--e1afmkfd.xn--p1ai'],
    ['ada@例え.テスト', 'ada@xn--r8jz45g.xn--zckzah'],
    ['ada@उदाहरण.परीक्षा', 'ada@xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g'],
  ] as const)('%j is stored as %s', ([given, stored]) => expect(Email.parse(given)).toBe(stored))

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
    ['FULLWIDTH K in the domain', 'ada@\uFF2Bite.example'],
    ['LATIN SMALL LETTER LONG S in the domain', 'ada@\u017Fite.example'],
    ['MATHEMATICAL BOLD SMALL K in the domain', 'ada@\u{1D424}ite.example'],
    ['a ligature in the domain', 'ada@\uFB01re.example'],
    ['an invisible hyphen in the domain', 'ada@k\u00ADite.example'],
    ['a variation selector in the domain', 'ada@kite\uFE0F.example'],
    ['an invisible filler in the domain', 'ada@kite\u3164.example'],
    ['an ideographic full stop', 'ada@kite\u3002example'],
    ['an invisible joiner', 'a\u200Dda@example.com'],
    ['an invisible hyphen', 'a\u00ADda@example.com'],
  ] as const)('with a %s never equals another person’s', ([, address]) => {
    expect(Email.safeParse(address).error?.issues[0]?.message).toBe('must be an email address')
  })
})

describe('what is no email address', () => {
  test.for([
    '',
    'ada',
    'ada@',
    '@example.com',
    'ada@example',
    'ada@bücher',
    '.ada@example.com',
    'ada.@example.com',
    'a..b@example.com',
    'a b@example.com',
    'a,b@example.com',
    'ada;bo@example.com',
    '"ada"@example.com',
    'ada@bo@example.com',
    'ada@-x.example',
    'ada@x-.example',
    'ada@ex..example',
    'ada@bücher..example',
    'ada@bücher.example/x',
    'ada@bücher.example:25',
    'ada@xn--.ü.example',
    'ada@10.0.0.1',
    'ada@[10.0.0.1]',
    'ada@example.com\r\nRCPT TO:<bo@example.com>',
    `${'a'.repeat(250)}@example.com`,
    `ada@${'ü'.repeat(300)}.example`,
  ])('%j is refused', (address) => expect(Email.safeParse(address).success).toBe(false))
})

describe('a part of an address', () => {
  test.for([
    ['Bücher', 'xn--bcher-kva'],
    ['@bücher.ex', '@xn--bcher-kva.ex'],
    ['Ada@BU\u0308CHER', 'ada@xn--bcher-kva'],
    ['xn--bcher', 'xn--bcher'],
    ['ADA', 'ada'],
    ['Jürgen Müller', 'jürgen müller'],
    ['', ''],
    ['%_', '%_'],
  ] as const)('%j is sought as %s', ([part, sought]) => expect(foldAddressPart(part)).toBe(sought))
})
