import { z } from 'zod'
import { CatalogName, Flag } from '../common.ts'
import { ErrorBody } from '../errors.ts'
import { operation } from '../operation.ts'

/** The kinds of the catalog in the order in which they are applied; those of the data follow (reference 7). */
export const SchemaKind = z.enum(['EntityType', 'Secret', 'Cell', 'RelationshipType'])
export type SchemaKind = z.infer<typeof SchemaKind>
export const Kind = z.enum([...SchemaKind.options, 'Entity', 'Relationship'])
export type Kind = z.infer<typeof Kind>

/**
 * One document: flat, or in the envelope `apiVersion`, `kind`, `metadata.name`, `spec`. Its shape is checked later, so that a
 * wrong one fails alone.
 */
const Item = z.looseObject({ kind: z.string().max(100).optional() })

export const Apply = z.strictObject({
  items: z.array(Item).max(100_000, 'must be at most 100,000 items'),
  force: z
    .boolean()
    .default(false)
    .describe(
      'Also drop states that entities are in and properties that have values, and change cells that somebody is limited to.',
    ),
  deletions: z
    .array(z.strictObject({ kind: SchemaKind, name: CatalogName }))
    .max(1000)
    .default([])
    .describe('Of the catalog only; done after all items, when none failed.'),
  dryRun: z.boolean().default(false).describe('Change nothing; answer what would change.'),
})
export type Apply = z.infer<typeof Apply>

const Named = z.object({ kind: z.string(), name: z.string() })
const Changed = Named.extend({ changes: z.record(z.string(), z.object({ before: z.json(), after: z.json() })).optional() })

export const Diff = z.object({
  created: Changed.array(),
  updated: Changed.array(),
  unchanged: Changed.array(),
  deleted: Changed.array(),
})
export type Diff = z.infer<typeof Diff>

export const ApplyResult = z.object({
  succeeded: Named.array(),
  failed: Named.extend({ error: z.string(), index: z.int().optional(), path: z.string().optional() }).array(),
  skipped: Named.extend({ reason: z.string() }).array(),
  diff: Diff,
  dryRun: z.boolean(),
  revisionId: z
    .string()
    .nullable()
    .describe('The catalog’s revision that this apply made; null when the catalog stayed as it was.'),
})
export type ApplyResult = z.infer<typeof ApplyResult>

/** The progress of an apply, in documents of the catalog or in changing rows of the data. */
const ApplyProgress = z.object({ phase: z.enum(['catalog', 'entities', 'relationships']), done: z.int(), total: z.int() })
export type ApplyProgress = z.infer<typeof ApplyProgress>

/** One line of a streamed apply. The last line holds the result and the status that an unstreamed call would answer. */
export const ApplyLine = z.union([
  z.object({ progress: ApplyProgress }),
  z.object({ result: ApplyResult, status: z.int() }),
  z.object({ error: ErrorBody, status: z.int() }),
])
export type ApplyLine = z.infer<typeof ApplyLine>

/** Options in the query, because a stream of YAML documents has no place for them. */
const ApplyQuery = z.strictObject({
  dryRun: Flag.optional().describe('Goes before the body’s own.'),
  force: Flag.optional().describe('Goes before the body’s own.'),
})

export const applyOperations = {
  apply: operation({
    method: 'POST',
    path: '/{o}/{p}/envs/{envName}/apply',
    tag: 'Apply',
    summary: 'Apply documents of every kind',
    permission: 'apply:write',
    description:
      'JSON or YAML, at most 16 MiB and 2,000,000 values, in any order. The catalog first, then the data; each item succeeds or fails by itself: 200 all of them, 207 some failed. ' +
      '409 `destructive_change` when an item would drop what is in use, `cell_in_scope` when it would change what somebody limited to cells can see, and ' +
      '`force` is not set: then nothing is changed. ' +
      'With `Accept: application/x-ndjson` it answers line by line: how far it has come, and at the end the result or the refusal.',
    query: ApplyQuery,
    body: Apply,
    returns: ApplyResult,
    lines: ApplyLine,
    maxBody: 16 * 1024 * 1024,
    takesYaml: true,
    statusOf: (result) => ((result as ApplyResult).failed.length > 0 ? 207 : 200),
    errors: { 409: '`destructive_change`, `cell_in_scope`, `quota_reached`' },
  }),
}
