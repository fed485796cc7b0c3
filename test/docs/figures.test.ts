import { expect, test } from 'vitest'
import { section, type Table, tablesIn, textOf } from './markdown.ts'

/** The words in the tables may differ; the figures must not. */
const figuresOf = (tables: Table[]) => tables.flatMap(({ rows }) => rows.map(([, ...cells]) => cells))

const page = textOf('docs/figures.md')

test.for([
  ['nuke', 'Emptying a project'],
  ['page', 'Reading a page of 20 projects with a token'],
  ['apply', 'Applying many entities in one request'],
  ['scope', 'Reading a page of entities within cells'],
  ['audit', 'Sealing and verifying the audit log'],
  ['purge', 'Purging what was nuked'],
  ['wall', 'What row-level security would cost'],
  ['bundle', 'JavaScript of a page'],
  ['soak', 'Thirty minutes of mixed load'],
] as const)('docs/figures.md has the latest figures of %s', ([name, heading]) => {
  const measured = figuresOf(tablesIn(textOf(`bench/results/${name}.md`)))
  expect(figuresOf(tablesIn(section(page, heading)))).toEqual(measured)
  expect(measured.length).toBeGreaterThan(1)
})

test('docs/proofs.md has the latest outcome of every proof', () => {
  const proven = figuresOf(tablesIn(textOf('bench/results/proof.md')))
  expect(figuresOf(tablesIn(textOf('docs/proofs.md')))).toEqual(proven)
})
