import type { Diff } from '#contract/apply/apply'
import { isDeepStrictEqual } from 'node:util'
import { inTurns } from '../give-way.ts'
import type { Item, Problem } from './items.ts'

type Fields = Record<string, unknown>
type Changes = NonNullable<Diff['updated'][number]['changes']>
type Json = Changes[string]['before']

/** What applying one document does: undefined where nothing must be written. */
export type Change = 'created' | Changes | undefined

/** What a phase does, and what it refuses. */
export type Outcome = { diff: Diff; problems: Problem[] }

const same = (a: unknown, b: unknown) => isDeepStrictEqual(plain(a), plain(b))
const plain = (value: unknown): Json => (value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json))

/** The fields in which two versions differ; `before` is undefined for a new document. */
export function changeOf(before: Fields | undefined, after: Fields): Change {
  if (!before) return 'created'
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !same(before[name], after[name]))
  if (names.length === 0) return undefined
  return Object.fromEntries(names.map((name) => [name, { before: plain(before[name]), after: plain(after[name]) }]))
}

/** Gathers the outcome of a phase, document by document. */
export function newOutcome() {
  const diff: Diff = { created: [], updated: [], unchanged: [], deleted: [] }
  const problems: Problem[] = []
  function note({ kind, name }: { kind: string; name: string }, change: Change): void {
    if (change === 'created') diff.created.push({ kind, name })
    else if (change) diff.updated.push({ kind, name, changes: change })
    else diff.unchanged.push({ kind, name })
  }
  function refuse({ kind, name, index }: Item, { path, message }: { path: string; message: string }): void {
    problems.push({ kind, name, index, path, error: message })
  }
  /** After the writes of a phase: refused items become problems, the others join the diff. */
  async function conclude<Write extends { item: Item; change: Change }>(writes: Write[], refused: ReadonlyMap<Write, Error>) {
    for await (const write of inTurns(writes)) {
      const { kind, name, index } = write.item
      const error = refused.get(write)
      if (error) problems.push({ kind, name, index, error: error.message })
      else note(write.item, write.change)
    }
  }
  return { diff, problems, note, refuse, conclude }
}

export const joined = (outcomes: Outcome[]): Outcome => ({
  diff: {
    created: outcomes.flatMap(({ diff }) => diff.created),
    updated: outcomes.flatMap(({ diff }) => diff.updated),
    unchanged: outcomes.flatMap(({ diff }) => diff.unchanged),
    deleted: outcomes.flatMap(({ diff }) => diff.deleted),
  },
  problems: outcomes.flatMap(({ problems }) => problems),
})
