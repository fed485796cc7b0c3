import { z } from 'zod'
import { Confirm, Id, PageQuery, Time, WithReason } from '../common.ts'
import { operation } from '../operation.ts'

/** Table name → number of rows. Every wiped table is a key, also with 0 rows. */
export const RowCounts = z.record(z.string(), z.int())
export type RowCounts = z.infer<typeof RowCounts>

export const ProjectNukeResult = z.object({
  projectId: Id,
  rowCountsDeleted: RowCounts,
  wipeId: Id.optional().describe('Absent if there was nothing to wipe.'),
  restoreBefore: Time.optional(),
})
export type ProjectNukeResult = z.infer<typeof ProjectNukeResult>

export const ConfirmNuke = WithReason.extend({
  confirm: z.string().max(100).optional().describe('The project’s slug. Required from a browser session.'),
})

export type ConfirmNuke = z.infer<typeof ConfirmNuke>

export const Wipe = z.object({
  id: Id,
  projectId: Id,
  reason: z.enum(['nuke', 'undo']).describe('What removed the data.'),
  statedReason: z.string().nullable().describe('The reason that was given for it.'),
  rowCounts: RowCounts,
  wipedBy: z.object({ kind: z.enum(['user', 'project_token', 'system']), id: Id.nullable(), name: z.string() }),
  wipedAt: Time,
  restoreBefore: Time,
  state: z.enum(['restorable', 'restored', 'purged']),
  restoredAt: Time.nullable(),
  restoreReason: z.string().nullable().describe('The reason that was given for the undo.'),
  purgedAt: Time.nullable(),
})
export type Wipe = z.infer<typeof Wipe>

export const NukePreview = z.object({
  projectId: Id,
  rowCounts: RowCounts,
  kept: z.object({ members: z.int(), environments: z.int(), tokens: z.int(), repoLinks: z.int(), auditEvents: z.int() }),
  retentionHours: z.int().describe('For how many hours the nuke could be undone.'),
  reasonRequired: z.boolean().describe('Whether the organization requires a reason from a browser session.'),
  lastWipe: Wipe.nullable(),
})
export type NukePreview = z.infer<typeof NukePreview>

export const RestoredWipe = z.object({
  projectId: Id,
  wipeId: Id,
  rowCountsRestored: RowCounts,
  replaced: Wipe.nullable().describe('The nuke receipt of the data that this undo replaced; null if it replaced none.'),
})

const tag = 'Nuke'
const wipes = '/orgs/{orgId}/projects/{projectId}/wipes'

export const nukeOperations = {
  nuke: operation({
    method: 'DELETE',
    path: '/{o}/{p}/nuke',
    tag,
    summary: 'Nuke a project: remove its catalog and data',
    permission: 'apply:write',
    freshSignIn: 'always',
    description:
      'Immediately removes the catalog and all data in every environment. Keeps the project, its members, repo links, tokens and environments. Idempotent. ' +
      'From a browser session, the body must contain the slug of the project, and the sign-in must be at most ten minutes old; ' +
      'where the organization requires it, also a reason (400 `reason_required`).',
    body: ConfirmNuke,
    bodyOptional: true,
    returns: ProjectNukeResult,
    errors: { 403: 'The caller may not do this; `confirmation_required`', 409: '`deletion_protected`' },
    hideUnknown: true,
  }),
  preview: operation({
    method: 'GET',
    path: '/{o}/{p}/nuke/preview',
    tag,
    summary: 'Preview what a nuke would remove and keep',
    permission: 'apply:write',
    returns: NukePreview,
  }),
  listWipes: operation({
    method: 'GET',
    path: wipes,
    tag,
    summary: 'List nuke receipts, newest first',
    permission: 'apply:write',
    query: PageQuery,
    returns: Wipe.array(),
  }),
  restoreWipe: operation({
    method: 'POST',
    path: `${wipes}/{wipeId}/restore`,
    tag,
    summary: 'Undo a nuke',
    permission: 'apply:write',
    description:
      'Brings the removed data back. What it replaces gets a nuke receipt of its own, and can be brought back the same way.',
    body: WithReason,
    bodyOptional: true,
    returns: RestoredWipe,
    errors: { 409: '`not_restorable`', 410: '`purged`' },
  }),
  purgeWipe: operation({
    method: 'DELETE',
    path: `${wipes}/{wipeId}`,
    tag,
    summary: 'Purge what a nuke removed',
    permission: 'wipes:purge',
    freshSignIn: 'always',
    description:
      'Permanently deletes the removed data now, instead of after its retention time. The receipt stays. Needs an owner of the project in a browser session, ' +
      'and the slug of the project in the body. The rows are deleted in the background; no undo is possible from now on.',
    body: Confirm,
    bodyOptional: true,
    returns: Wipe,
    errors: {
      403: 'The caller may not do this; `confirmation_required`',
      409: '`deletion_protected`, `not_purgeable`',
      410: '`purged`',
    },
  }),
}
