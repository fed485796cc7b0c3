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
      { numRuns: scaleOf('yaml', 500) },
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
