import type { ApplyResult, Diff } from '#contract/apply/apply'
import { byKind } from './kinds.ts'

/** What happened, or would happen, to an item. Ordered by importance. */
export const outcomes = ['failed', 'skipped', 'deleted', 'updated', 'created', 'unchanged'] as const
export type Outcome = (typeof outcomes)[number]

export interface OutcomeItem {
  kind: string
  name: string
  changes?: Diff['updated'][number]['changes']
  /** Why it failed or was skipped. */
  reason?: string
  /** The item's index in the document, and the field. */
  index?: number
  path?: string
}

export type Outcomes = Record<Outcome, readonly OutcomeItem[]>

export const outcomesOf = (diff: Diff, rest: Partial<Pick<ApplyResult, 'failed' | 'skipped'>> = {}): Outcomes => ({
  ...diff,
  failed: (rest.failed ?? []).map(({ error, ...item }) => ({ ...item, reason: error })),
  skipped: rest.skipped ?? [],
})

export interface OutcomeGroup {
  id: string
  outcome: Outcome
  kind: string
  items: readonly OutcomeItem[]
}

/** Groups by outcome, then by kind. */
export const groupsOf = (all: Outcomes): OutcomeGroup[] =>
  outcomes.flatMap((outcome) =>
    [...Map.groupBy(all[outcome], ({ kind }) => kind)]
      .toSorted(([a], [b]) => byKind(a, b))
      .map(([kind, items]) => ({ id: `${outcome} ${kind}`, outcome, kind, items })),
  )

const readingOrder: readonly Outcome[] = ['created', 'updated', 'deleted', 'unchanged', 'skipped', 'failed']

/** "2 created, 1 failed"; leaves out zeros. */
export function inWords(all: Outcomes): string {
  const counts = readingOrder
    .filter((outcome) => all[outcome].length > 0)
    .map((outcome) => `${all[outcome].length.toLocaleString('en')} ${outcome}`)
  return counts.length === 0 ? 'nothing' : counts.join(', ')
}

/** The number of items that change. */
export const changesIn = ({ created, updated, deleted }: Outcomes): number => created.length + updated.length + deleted.length
