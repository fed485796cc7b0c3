import { expect, test } from 'vitest'
import { tablesIn, textOf } from './markdown.ts'

test('docs/dependencies.md gives a reason for every package that a server installs, and for no other', () => {
  const { dependencies, optionalDependencies } = JSON.parse(textOf('package.json')) as Record<string, Record<string, string>>
  const [table] = tablesIn(textOf('docs/dependencies.md'))
  const documented = table!.rows.flatMap(([packages]) => [...packages!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!))
  expect(documented.toSorted()).toEqual(Object.keys({ ...dependencies, ...optionalDependencies }).toSorted())
  expect(table!.rows.filter(([, reason]) => !reason)).toEqual([])
})
