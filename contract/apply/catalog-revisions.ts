import { z } from 'zod'
import { ApplyResult, Diff } from './apply.ts'
import { Id, PageQuery, Time } from '../common.ts'
import { operation } from '../operation.ts'

export const CatalogRevision = z.object({
  id: Id,
  actor: z.object({ kind: z.enum(['user', 'project_token', 'system']), id: Id.nullable(), name: z.string() }),
  diff: Diff.describe('What the apply changed.'),
  createdAt: Time,
})
export type CatalogRevision = z.infer<typeof CatalogRevision>

/** A revision with the whole catalog after it, ready to be applied again. */
export const CatalogRevisionItems = CatalogRevision.extend({
  items: z.array(z.record(z.string(), z.json())),
  omitted: z
    .int()
    .describe(
      'How many items are left out: an answer holds at most 10,000 items and 4 MiB. Applying the revision applies all of them.',
    ),
})

const Comparison = Diff.extend({
  omitted: z
    .int()
    .describe('How many entries are left out, unchanged ones first: an answer holds at most 10,000 entries and 4 MiB.'),
})

const CompareQuery = z.strictObject({
  with: Id.optional().describe('The revision to compare with. Default: the current catalog.'),
})

const tag = 'Catalog revisions'
const all = '/{o}/{p}/catalog-revisions'
const one = `${all}/{revisionId}` as const

export const catalogRevisionOperations = {
  list: operation({
    method: 'GET',
    path: all,
    tag,
    summary: 'List catalog revisions, newest first',
    permission: 'catalog:read',
    query: PageQuery,
    returns: CatalogRevision.array(),
  }),
  get: operation({
    method: 'GET',
    path: one,
    tag,
    summary: 'Get a revision with its whole catalog',
    permission: 'catalog:read',
    returns: CatalogRevisionItems,
  }),
  compare: operation({
    method: 'GET',
    path: `${one}/diff`,
    tag,
    summary: 'Compare a revision with another, or with the current catalog',
    permission: 'catalog:read',
    query: CompareQuery,
    returns: Comparison,
  }),
  apply: operation({
    method: 'POST',
    isCompressed: true,
    path: `${one}/apply`,
    tag,
    summary: 'Apply a revision again',
    permission: 'apply:write',
    description:
      'Restores the catalog of that revision: applies its items, and deletes what it does not contain. 409 as for apply.',
    body: z.strictObject({ force: z.boolean().default(false), dryRun: z.boolean().default(false) }),
    bodyOptional: true,
    returns: ApplyResult,
    statusOf: (result) => ((result as ApplyResult).failed.length > 0 ? 207 : 200),
    errors: { 409: '`destructive_change`, `cell_in_scope`' },
  }),
}
