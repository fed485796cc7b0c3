import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Slug } from './common.ts'
import { suggestedSlug } from './slug.ts'

it.each([
  ['Straße', 'strasse'],
  ['GROẞE STRAẞE', 'grosse-strasse'],
  ['Łódź', 'lodz'],
  ['Ærøskøbing', 'aeroskobing'],
  ['Café Nord & Söhne', 'cafe-nord-sohne'],
  ['Cafe\u0301', 'cafe'],
  ['Þingvellir', 'thingvellir'],
  ['Đà Nẵng', 'da-nang'],
  ['Phở Việt', 'pho-viet'],
  ['İstanbul Işıklı', 'istanbul-isikli'],
  ['Αθήνα', 'athina'],
  ['Ψυχή', 'psychi'],
  ['Москва', 'moskva'],
  ['Йошкар-Ола', 'yoshkar-ola'],
  ['\u0418\u0306ошкар', 'yoshkar'],
  ['Щука объект', 'shchuka-obekt'],
  ['Київ', 'kiyiv'],
  ['Šđćž', 'sdcz'],
  ['ﬁnance', 'finance'],
  ['ＡＢＣ', 'abc'],
  ['  --Hello,   world!--  ', 'hello-world'],
  ['🚢 Ship 👩‍👩‍👧', 'ship'],
  ['東京', ''],
  ['שלום', ''],
  ['\u202Eabc\u202C', 'abc'],
  ['🚢', ''],
])('suggests for %j the slug %j', (name, slug) => {
  expect(suggestedSlug(name)).toBe(slug)
})

it('suggests only slugs that the API accepts, or nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const slug = suggestedSlug(name)
      expect(slug === '' || Slug.safeParse(slug).success).toBe(true)
    }),
  )
})

it('cuts a long name without leaving a hyphen at the end', () => {
  expect(suggestedSlug(`${'a'.repeat(47)} b`)).toBe('a'.repeat(47))
  expect(suggestedSlug('ß'.repeat(100_000))).toBe('s'.repeat(48))
})
