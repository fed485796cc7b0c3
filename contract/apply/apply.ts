import { z } from 'zod'
import { Flag } from '../common.ts'
import { ErrorBody } from '../errors.ts'
import { operation } from '../operation.ts'
import { kinds, schemaKinds } from '../words.ts'

/** The kinds of the catalog in the order in which they are applied; those of the data follow (reference 7). */
export const SchemaKind = z.enum(schemaKinds)
export type SchemaKind = z.infer<typeof SchemaKind>
export const Kind = z.enum(kinds)
export type Kind = z.infer<typeof Kind>

/**
 * One document: flat, or in the envelope `apiVersion`, `kind`, `metadata.name`, `spec`. Its shape is checked later, so that a
 * wrong one fails alone.
 */
const Item = z.looseObject({ kind: z.string().max(100).optional() })

export const Apply = z.strictObject({
  items: z.array(Item).max(100_000),
  force: z
    .boolean()
    .default(false)
    .describe('Also drop states and properties that are in use, and change cells that somebody is limited to.'),
  deletions: z
    .array(z.strictObject({ kind: SchemaKind, name: z.string().min(1).max(100) }))
    .max(1000)
    .default([])
    .describe('Catalog documents to delete, after all items have been applied. Skipped if an item failed.'),
  dryRun: z.boolean().default(false).describe('Change nothing, and return what would change.'),
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
  revisionId: z.string().nullable().describe('The catalog revision that this apply created; null if the catalog did not change.'),
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
  dryRun: Flag.optional().describe('Overrides the field of the same name in the body.'),
  force: Flag.optional().describe('Overrides the field of the same name in the body.'),
})

export const applyOperations = {
  apply: operation({
    method: 'POST',
    isCompressed: true,
    path: '/{o}/{p}/envs/{envName}/apply',
    tag: 'Apply',
    summary: 'Apply documents of every kind',
    permission: 'apply:write',
    description:
      'JSON or YAML, at most 16 MiB and 2,000,000 values, in any order. The catalog is applied first, then the data. Each item succeeds or fails on its own: 200 if all succeeded, 207 if some failed. ' +
      'Without `force`, nothing changes and the answer is 409 `destructive_change` if an item would drop something in use, or 409 `cell_in_scope` if it would ' +
      'change what somebody limited to cells can see. ' +
      'With `Accept: application/x-ndjson` it streams one line of progress at a time; the last line is the result or the error.',
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
