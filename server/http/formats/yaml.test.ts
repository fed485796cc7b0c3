import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments, stringify } from 'yaml'
import { scaleOf } from '#test/support/outcome'
import { documentsFromYaml } from './yaml.ts'

/** Parses with the library's own parser, including its quadratic search for duplicate keys. */
function byTheBook(text: string): unknown {
  const documents = [...parseAllDocuments(text, { schema: 'core', uniqueKeys: true, merge: false, stringKeys: true })]
  const values = documents.map((document) => {
    if (document.errors.length > 0) throw document.errors[0]!
    return document.toJS({ maxAliasCount: 100 }) as unknown
  })
  const [first] = values
  if (values.length > 1) return { items: values.filter((value) => value !== null) }
  if (Array.isArray(first)) return { items: first as unknown[] }
  return typeof first === 'object' && first !== null && 'items' in first ? first : { items: [first] }
}

const attempt = (read: () => unknown) => {
  try {
    return { value: read() }
  } catch {
    return 'refused'
  }
}

const sites = (n: number) =>
  Array.from({ length: n }, (_, i) => ({ kind: 'Entity', name: `s${i}`, properties: { size: i, note: '# - &x *y' } }))

describe('YAML', () => {
  test('is read as by the library’s parser, whatever it contains', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), fc.constantFrom(1, undefined), (value, itemsAtOnce) => {
        const text = stringify(value)
        expect(attempt(() => documentsFromYaml(text, itemsAtOnce))).toEqual(attempt(() => byTheBook(text)))
      }),
    )
  })

  test('is refused or read as by the library’s parser, whatever its lines are', () => {
    const line = fc.constantFrom(
      'items:',
      '- a: 1',
      '  b: 2',
      '- ',
      '-',
      '  - c',
      '---',
      '...',
      'force: true',
      '# note',
      '- &x y',
      '- *x',
      '- a: 1',
      'a: 1',
      '- {a: 1, b: [c]}',
      '  a: 3',
      '- |',
      '    text',
      '- "q: 1"',
      '',
      '%YAML 1.2',
      '- ? k',
      '  : v',
      '\t- t',
      '- !!str 5',
      'items: []',
    )
    // A list that is taken apart must come out like one that is not.
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), fc.constantFrom(1, 2, undefined), (lines, itemsAtOnce) => {
        const text = lines.join('\n')
        expect(attempt(() => documentsFromYaml(text, itemsAtOnce))).toEqual(attempt(() => byTheBook(text)))
      }),
      { numRuns: scaleOf('yaml', 200) },
    )
  })

  test.for([
    ['a list', (n: number) => stringify(sites(n))],
    ['items', (n: number) => stringify({ dryRun: true, items: sites(n), force: false })],
    [
      'items with comments, blank lines and an empty one',
      (n: number) => `items:\n\n${stringify(sites(n)).replaceAll('- kind', '# next\n\n- kind')}-\n# end\ndryRun: true\n`,
    ],
    ['items further in', (n: number) => `items:\n${stringify(sites(n)).replaceAll(/^/gm, '    ')}\n`],
    ['a stream of lists', (n: number) => `${stringify(sites(n))}---\n${stringify(sites(3))}---\nname: x\n`],
    ['an anchor before all', (n: number) => `items:\n- &a {x: 1}\n- *a\n${stringify(sites(n))}- *a\n`],
    [
      'an anchor after many',
      (n: number) =>
        `items:\n- &a {x: 1}\n${stringify(sites(n))}- *a\n- &b [1]\n- *b\n`.replace('- &a {x: 1}\n', '').replace('- *a\n', ''),
    ],
  ] as const)('gives the same result for many items: %s', ([, text]) => {
    const document = text(2500)
    expect(documentsFromYaml(document)).toEqual(byTheBook(document))
  })

  test('reports which key is duplicate and where, even far down a long list', () => {
    const twice = `items:\n${stringify(sites(1500))}- name: a\n  name: b\n`
    const line = twice.trimEnd().split('\n').length
    expect(() => documentsFromYaml(twice)).toThrow(
      `The body is not valid YAML: the key "name" is given twice, the second time on line ${line}`,
    )
    expect(() => documentsFromYaml('1: a\n"1": b\n')).toThrow('the key "1" is given twice, the second time on line 2')
    expect(() => documentsFromYaml('a: {b: 1, c: {d: 1, d: 2}}')).toThrow('the key "d" is given twice')
    expect(() => documentsFromYaml('items: []\nitems:\n- a\n')).toThrow('the key "items" is given twice')
  })

  test('reports other YAML errors, even far down a long list', () => {
    expect(() => documentsFromYaml(`${stringify(sites(1500))}- {a: \n`)).toThrow(/is not valid YAML: .* at line \d+, column \d+/)
  })

  test('finds a duplicate key among fifty thousand without comparing all pairs', () => {
    const keys = Array.from({ length: 50_000 }, (_, i) => `${i}: 0`).join(', ')
    const started = performance.now()
    expect(() => documentsFromYaml(`items:\n- {${keys}, 49999: 1}\n`)).toThrow('the key "49999" is given twice')
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  test.for([
    '!secret abc',
    'a: !Ref {b: c}',
    'items:\n- !Ref [b]\n',
    'a: !!binary aGVsbG8=',
    'a: !!timestamp 2026-01-01',
    'a: !!set {b, c}',
    'a: !!omap [b: c]',
    'a: !!float 5',
    'a: !!int abc',
    'a: !!map [b]',
    'a: !<tag:example.com,2026:x> b',
    '%TAG ! tag:example.com,2026:\n---\na: !x b',
    '&b !x [c]',
  ])('refuses a tag that it does not resolve, instead of dropping it: %j', (text) => {
    expect(() => documentsFromYaml(text)).toThrow(/^The YAML body has a tag on line \d that has no meaning here/)
  })

  test('resolves the tags of the core schema', () => {
    const text =
      'a: !!str 5\nb: !!int "5"\nc: !!float 5.0\nd: !!bool "true"\ne: !!null ""\nf: !!map {}\ng: !!seq []\nh: ! 5\ni: !!int 0x10'
    expect(documentsFromYaml(`items: [{${text.replaceAll('\n', ', ')}}]`)).toEqual({
      items: [{ a: '5', b: 5, c: 5, d: true, e: null, f: {}, g: [], h: '5', i: 16 }],
    })
  })

  test.for([
    ['a: 1234567890123456789', 'a on line 1 has more digits than a number keeps: it would become 1234567890123456800'],
    ['a: 0x112210F47DE98115', 'a on line 1 has more digits than a number keeps: it would become 1234567890123456800'],
    ['a: 1e400', 'a on line 1 is too large for a number'],
    ['a:\n- 1\n- b: .inf', 'a.1.b on line 3 must be a finite number'],
    ['a: .NaN', 'a on line 1 must be a finite number'],
    [`items:\n${stringify(sites(1500))}- a: 9007199254740993`, 'items.1500.a on line 7502 has more digits'],
    [`${stringify(sites(1500))}- a: 9007199254740993`, '1500.a on line 7501 has more digits'],
  ] as const)('refuses a number that would be rounded or that JSON does not have', ([text, sentence]) => {
    expect(() => documentsFromYaml(text)).toThrow(sentence)
  })

  test('reads numbers as they are written', () => {
    expect(documentsFromYaml('items: [+5, -0.5, 1e3, 5., .5, 0x1F, 0o17, 1.10, "1234567890123456789"]')).toEqual({
      items: [5, -0.5, 1000, 5, 0.5, 31, 15, 1.1, '1234567890123456789'],
    })
  })

  test('refuses too many aliases and unlimited nesting', () => {
    const laughs = [
      'a: &a [x, x]',
      ...['b', 'c', 'd', 'e', 'f', 'g', 'h'].map(
        (name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[i]}`).join(', ')}]`,
      ),
    ]
    expect(() => documentsFromYaml(laughs.join('\n'))).toThrow('too many YAML aliases')
    expect(() => documentsFromYaml('['.repeat(100_000))).toThrow('nested too deeply')
  })
})
