import type { Diff } from '#contract/apply/apply'
import { isDeepStrictEqual } from 'node:util'
import { inTurns } from '../give-way.ts'
import type { Problem } from './items.ts'

type Fields = Record<string, unknown>
type Changes = NonNullable<Diff['updated'][number]['changes']>
type Json = Changes[string]['before']

const same = (a: unknown, b: unknown) => isDeepStrictEqual(plain(a), plain(b))
const plain = (value: unknown): Json => (value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json))

/** The fields in which two versions differ; undefined when they are equal. */
export function changesBetween(before: Fields, after: Fields): Changes | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !same(before[name], after[name]))
  if (names.length === 0) return undefined
  return Object.fromEntries(names.map((name) => [name, { before: plain(before[name]), after: plain(after[name]) }]))
}

export const emptyDiff = (): Diff => ({ created: [], updated: [], unchanged: [], deleted: [] })

/**
 * Adds to the diff what applying one document does; `before` is undefined for a new one. Returns whether anything must be
 * written.
 */
export function note(
  diff: Diff,
  { kind, name }: { kind: string; name: string },
  before: Fields | undefined,
  after: Fields,
): boolean {
  const changes = before && changesBetween(before, after)
  if (!before) diff.created.push({ kind, name })
  else if (changes) diff.updated.push({ kind, name, changes })
  else diff.unchanged.push({ kind, name })
  return !before || changes !== undefined
}

type Written = { item: { name: string; index: number } }

/** After the writes of a phase: refused items become problems, the others join the diff. */
export async function conclude<Write extends Written>(
  kind: Problem['kind'],
  writes: Write[],
  { refused, noted }: { refused: ReadonlyMap<Write, Error>; noted: ReadonlyMap<Write, Diff> },
  diff: Diff,
  problems: Problem[],
): Promise<void> {
  for await (const write of inTurns(writes)) {
    const { name, index } = write.item
    const error = refused.get(write)
    if (error) problems.push({ kind, name, index, error: error.message })
    else for (const outcome of ['created', 'updated'] as const) diff[outcome].push(...noted.get(write)![outcome])
  }
}
