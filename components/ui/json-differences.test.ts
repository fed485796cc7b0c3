import { expect, test } from 'vitest'
import { differencesBetween } from './json-differences.ts'

const lines = (before: unknown, after: unknown) =>
  differencesBetween(before, after).differences.map(({ path, before: was, after: is }) => `${path}: ${was} → ${is}`)

test('lists changed, added and removed fields by path, and counts the unchanged ones', () => {
  const found = differencesBetween({ a: 1, b: { c: 'x', d: null }, same: true }, { a: 2, b: { c: 'x' }, same: true, e: [] })
  expect(found.differences).toEqual([
    { path: 'a', before: '1', after: '2' },
    { path: 'b.d', before: 'null', after: undefined },
    { path: 'e', before: undefined, after: '[]' },
  ])
  expect(found.unchanged).toBe(2)
})

test('lists a created or deleted value field by field', () => {
  expect(lines(null, { name: 'web', tags: ['a', 'b'] })).toEqual([
    'name: undefined → "web"',
    'tags[0]: undefined → "a"',
    'tags[1]: undefined → "b"',
  ])
  expect(lines({ name: 'web' }, null)).toEqual(['name: "web" → undefined'])
  expect(lines('x', null)).toEqual([': "x" → undefined'])
  expect(lines(null, null)).toEqual([])
})

test('lists names added to and removed from a list, wherever they stood', () => {
  expect(lines({ cells: ['eu', 'pci', 'us'] }, { cells: ['pci', 'us', 'ap'] })).toEqual([
    'cells[]: "eu" → undefined',
    'cells[]: undefined → "ap"',
  ])
  expect(lines({ cells: [] }, { cells: ['eu'] })).toEqual(['cells[]: undefined → "eu"'])
  expect(lines({ cells: null }, { cells: ['eu'] })).toEqual(['cells: null → undefined', 'cells[0]: undefined → "eu"'])
  expect(differencesBetween(['a', 'b', 'c'], ['c', 'b']).unchanged).toBe(2)
})

test('reports a new order of the same names, and compares lists with duplicates or objects by index', () => {
  expect(lines({ states: ['up', 'down'] }, { states: ['down', 'up'] })).toEqual(['states: ["up","down"] → ["down","up"]'])
  expect(lines([1, 1], [1, 2])).toEqual(['[1]: 1 → 2'])
  expect(lines({ p: [{ n: 1 }, { n: 2 }] }, { p: [{ n: 1 }, { n: 3 }] })).toEqual(['p[1].n: 2 → 3'])
})

test('handles a value that changes its type, and keys that every object inherits', () => {
  expect(lines({ a: 1 }, { a: { b: 1 } })).toEqual(['a: 1 → undefined', 'a.b: undefined → 1'])
  expect(lines({ a: [1] }, { a: { 0: 1 } })).toEqual(['a[0]: 1 → undefined', 'a.0: undefined → 1'])
  expect(lines({}, { constructor: 1 })).toEqual(['constructor: undefined → 1'])
})
