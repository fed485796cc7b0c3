import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CatalogName, Name, Password } from './common.ts'
import { composed, nameProblem, preparedPassword } from './text.ts'

const real = [
  'Zürich',
  'Nguyễn Thị Ánh',
  'Łódź',
  'Ελλάδα',
  'Санкт-Петербург',
  'ירושלים',
  'القاهرة',
  'می‌خواهم',
  'علی‌رضا',
  'भारत',
  'क्‍ष',
  'ශ්‍රී ලංකා',
  'സച്ചിന്‍',
  'বাংলা',
  'ไทย',
  'မြန်မာ',
  'ភ្នំពេញ',
  'ᠮᠣᠩᠭᠣᠯ',
  'ᠠ᠋',
  '東京',
  '葛\u{E0100}城',
  '서울',
  '😀',
  '👩🏽‍🚀',
  '👨‍👩‍👧‍👦',
  '❤️‍🔥',
  '🏳️‍🌈',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '1️⃣',
  '⠓⠑⠇⠇⠕⠀⠺⠕⠗⠇⠙',
  'a\u00a0b',
  '!',
  'x̂',
]

const invisible = [
  ['\u200b', 'invisible'],
  ['\u2060\u2060', 'invisible'],
  ['\u00ad', 'invisible'],
  ['\u115f', 'invisible'],
  ['\u3164', 'invisible'],
  ['\u2800', 'visible'],
  ['\u{E0041}\u{E0042}', 'invisible'],
  ['a\u{E0041}', 'invisible'],
  ['a\u200bb', 'invisible'],
  ['a\u200db', 'invisible'],
  ['a\ufe0f', 'invisible'],
  ['7\ufe0f', 'invisible'],
  ['\u200d', 'invisible'],
  ['क\u200d\u200d', 'invisible'],
  ['na\ufeffme', 'invisible'],
  ['a\uffff', 'invisible'],
  ['a\u2028b', 'invisible'],
  ['\u0301', 'visible'],
  ['a\u2800', 'blank'],
  ['\u{1D159}', 'visible'],
  ['\u202egnp.exe', 'direction'],
  ['a\u200fb', 'direction'],
  ['\u2066a\u2069', 'direction'],
  ['a\u0085b', 'control'],
] as const

describe('a name', () => {
  test.for(real)('of any script is welcome and unchanged: %s', (name) => {
    for (const shape of [Name, CatalogName]) expect(shape.parse(name)).toBe(name.normalize('NFC'))
  })

  test.for(invisible)('is refused for what nobody sees: %j is %s', ([name, why]) => {
    for (const shape of [Name, CatalogName])
      expect(
        shape
          .safeParse(name)
          .error?.issues.map(({ message }) => message)
          .join(),
      ).toContain(why)
  })

  test.for(['.', '..'])('%s is refused, because no URL can contain it', (name) => {
    expect(CatalogName.safeParse(name).success).toBe(false)
    for (const near of ['...', '.a', 'a.', '..a', '%2e']) expect(CatalogName.parse(near)).toBe(near)
  })

  const unit = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom(...Array.from(`${real.join('')}${invisible.map(([name]) => name).join('')}\u0301\u200d\ufe0f`)),
  )
  const texts = fc.array(unit, { minLength: 1, maxLength: 20 }).map((units) => units.join(''))

  test('that is accepted is in NFC, stays as it is, and has no invisible character that a neighbor does not explain', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { success, data } = CatalogName.safeParse(text)
        if (!success) return
        expect(data).toBe(text.normalize('NFC'))
        expect(CatalogName.parse(data)).toBe(data)
        expect(data).not.toMatch(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u00ad\u3164\ufeff]|^\p{M}*$/u)
        expect(decodeURIComponent(new URL(encodeURIComponent(data), 'http://x/').pathname.slice(1))).toBe(data)
      }),
      { numRuns: 2000 },
    )
  })

  test('that looks like another in its composition is the same', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const [nfc, nfd] = [CatalogName.safeParse(text.normalize('NFC')), CatalogName.safeParse(text.normalize('NFD'))]
        expect(nfd.data).toBe(nfc.data)
      }),
    )
  })

  test('of many megabytes is refused quickly', () => {
    const started = performance.now()
    for (const part of ['\u0301\u0327', '\u200d', 'क\u200d', '👩\u200d', '\u{1F3F4}\u{E0041}', '1\ufe0f'])
      expect(CatalogName.safeParse(`a${part.repeat(2 ** 21)}`).success).toBe(false)
    expect(performance.now() - started).toBeLessThan(2000)
    expect(nameProblem('a\u200b'.repeat(1000))).toBeDefined()
    expect(composed('e\u0301')).toBe('é')
  })
})

describe('a password', () => {
  test('is the same however it is typed', () => {
    expect(Password.parse('pa\u0308sswo\u0308rd-la\u0308nge-12')).toBe('pässwörd-länge-12')
    expect(Password.parse('correct\u00a0horse\u3000battery')).toBe('correct horse battery')
    expect(Password.parse('👩🏽‍🚀 to the moon ❤️')).toBe('👩🏽‍🚀 to the moon ❤️')
  })

  test('keeps compatibility characters, case and spaces apart', () => {
    for (const text of ['ﬁve words of this', 'Five words of this', ' five words of this', 'five  words of this'])
      expect(preparedPassword(text)).toBe(text)
  })

  test.for(['twelve\tletters', 'twelve\u200bletters', 'twelve\u00adletters', 'twelve\u007fletters'])('%j is refused', (text) => {
    expect(Password.safeParse(text).success).toBe(false)
  })

  test('is counted as it is compared', () => {
    expect(Password.safeParse('a\u0308'.repeat(11)).success).toBe(false)
    expect(Password.safeParse('ä'.repeat(128).normalize('NFD')).success).toBe(true)
    expect(Password.safeParse('ä'.repeat(129).normalize('NFD')).success).toBe(false)
  })
})
