import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addressesText, readAddresses } from './addresses.ts'

const jane = 'jane.doe@x.example'
const john = 'john.roe@x.example'
const both = { emails: [jane, john], wrong: [] }

it.each([
  ['Outlook', `"Doe, Jane" <${jane}>; John Roe <${john}>`],
  ['Outlook without quotes', `Doe, Jane <${jane}>; Roe, Dr., John <${john}>`],
  ['Outlook with quoted addresses', `'${jane}' <${jane}>; '${john}'`],
  ['Gmail', `Jane Doe <${jane}>, "Roe, John" <${john}>,`],
  ['Apple Mail', `“Doe, Jane” <${jane}>, John <${john}>`],
  ['lines', `${jane}\n${john}\n`],
  ['lines of Windows', `${jane}\r\n\r\n${john}`],
  ['commas', `${jane},${john}`],
  ['commas of Chinese and Arabic', `${jane}，${john}،`],
  ['spaces', `  ${jane}  ${john} `],
  ['a column', `${jane}\t\n${john}\t`],
  ['columns with names', `Jane Doe\t${jane}\tSales, EMEA\nJohn Roe\t${john}\t`],
  ['one row', `${jane}\t${john}`],
  ['quoted CSV', `"${jane}","${john}"`],
  ['links', `mailto:${jane}?subject=Hello, MAILTO:${john.replace('@', '%40')}`],
  ['one link', `<mailto:${jane}>,${john}?cc=x`],
  ['comments', `${jane} (Jane Doe); ${john} (Roe)`],
  ['a sentence', `${jane}, ${john}.`],
  ['other letters', `JANE.Doe@X.example; ${john}`],
  ['duplicates', `${jane}; Jane <${jane.toUpperCase()}>\n${john}, ${jane}`],
  ['marks of direction', `\u202A${jane}\u202C; \u200F${john}\u200B`],
  ['names with emoji', `🚢 Jane 👩‍👩‍👧 <${jane}>; "جون" <${john}>`],
  ['names that are addresses', `boss@y.example <${jane}>; ${john} <${john}>`],
  ['an unclosed quote on another line', `"Doe, Jane <${jane}>\n${john}`],
])('reads both addresses from %s', (_, pasted) => {
  expect(readAddresses(pasted)).toEqual(both)
})

it.each([
  ['nonsense', ['nonsense']],
  ['Only a\u00a0name; another', ['Only a\u00a0name', 'another']],
  ['jane.doe.example, Jane <jane>', ['jane.doe.example', 'Jane <jane>']],
  ['Email\nName\tCity', ['Email', 'Name', 'City']],
  ['Jane <jane.doe@x.example', ['Jane <jane.doe@x.example']],
  ['"Doe, Jane"', ['"Doe, Jane"']],
  ['jane@doe@x.example', ['jane@doe@x.example']],
  ['mailto:%E0%A4', ['mailto:%E0%A4']],
  ['שלום', ['שלום']],
])('keeps what is no address: %j', (pasted, wrong) => {
  expect(readAddresses(pasted)).toEqual({ emails: [], wrong })
  expect(readAddresses(wrong.join('\n'))).toEqual({ emails: [], wrong })
})

it('keeps what is no address beside those that are', () => {
  expect(readAddresses(`${jane}; nonsense; jane.x.example, John <${john}>`)).toEqual({
    emails: [jane, john],
    wrong: ['nonsense', 'jane.x.example'],
  })
})

it('finds an address in whatever surrounds it, and reads what it kept the same way', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (before, after) => {
      expect(readAddresses(`${before}\n${jane}\n${after}`).emails).toContain(jane)
      const { wrong } = readAddresses(`${before}\n${after}`)
      expect(readAddresses(wrong.join('\n')).wrong).toEqual(wrong)
    }),
    { numRuns: 200 },
  )
})

it('says how many addresses are too many', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => `Roe, J <person.${i}@x.example>`).join('; ')
  const { error } = addressesText.safeParse(many)
  expect(error?.issues.map(({ message }) => message)).toEqual(['These are 10,000 addresses. Enter at most 200 at once.'])
  expect(addressesText.safeParse(' ;,\n').error?.issues.map(({ message }) => message)).toEqual([
    'Enter at least one email address.',
  ])
})

it.each(['"', '“', '<', '(', '@', '@?', ',', 'a.', 'x@', '\t', 'a@b,'])('reads a long run of %j in linear time', (text) => {
  const start = performance.now()
  readAddresses(text.repeat(200_000 / text.length))
  expect(performance.now() - start).toBeLessThan(2000)
})
