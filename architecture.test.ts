import { describe, expect, test } from 'vitest'
import { domainFolders } from './test/architecture/rooms.ts'
import { insideVerbs, rules, verbsIn } from './test/architecture/rules.ts'
import { importsOf, readSources, sourceOf } from './test/architecture/sources.ts'

const sources = readSources()

describe.for(Object.entries(rules))('%s', ([, { check, broken }]) => {
  test('holds', () => expect(check(sources)).toEqual([]))
  test('would be noticed', () => expect(check(broken.map(([path, text]) => sourceOf(path, text)))).toHaveLength(1))
})

test('imports are read in every form', () => {
  const lines = [
    "import a, { b } from 'one'",
    'import {',
    '  c,',
    "} from 'two'",
    "import 'three'",
    "export * from 'four'",
    "await import(/* webpackIgnore: true */ 'five')",
    "export { type D, e } from 'six'",
    'await import(later)',
    "const text = `import 'seven'`",
    "import type { F } from 'eight'",
  ]
  const read = importsOf('every-form.ts', lines.join('\n'))
  expect(read.map(({ specifier }) => specifier)).toEqual(['one', 'two', 'three', 'four', 'five', 'six', 'eight'])
  expect(read.map(({ line }) => line)).toEqual([1, 2, 5, 6, 7, 8, 11])
  expect(read.filter(({ ofTypes }) => ofTypes).map(({ specifier }) => specifier)).toEqual(['eight'])
  const silent = sources.filter(({ text, imports }) => /^import\b/m.test(text) && imports.length === 0)
  expect(silent.map(({ path }) => path)).toEqual([])
})

test('the folders of domain/ are those of the table, which has no circle', () => {
  const order = Object.keys(domainFolders)
  const upward = order.flatMap((folder, i) => domainFolders[folder]!.filter((one) => !order.slice(0, i).includes(one)))
  expect(upward).toEqual([])
  const folders = sources.flatMap(({ path }) => /^domain\/([^/]+)\//.exec(path)?.[1] ?? [])
  expect([...new Set(folders)].toSorted()).toEqual(order.toSorted())
})

test('verbs are found', () => {
  expect(verbsIn(sources).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['nukeProject', 'createPersonalToken', 'listProjects', 'addCellMember']),
  )
})

test('what is excepted still exists', () => {
  const verbs = verbsIn(sources).map(({ name }) => name)
  expect(Object.keys(insideVerbs).filter((name) => !verbs.includes(name))).toEqual([])
})
