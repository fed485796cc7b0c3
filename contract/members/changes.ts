import { z } from 'zod'
import { CellScopes, Id, Moment, Role } from '../common.ts'
import { Revocables } from './made-by.ts'
import { AddMember, Member } from './members.ts'
import { operation } from '../operation.ts'

const whom = { projectId: z.string().min(1).max(100).describe('The id or slug of a project.'), userId: Id }

/** One row: what to do with one person in one project. An update changes only the fields that are present. */
export const MemberChange = z.discriminatedUnion('action', [
  AddMember.extend({ action: z.literal('add'), ...whom }),
  z.strictObject({
    action: z.literal('update'),
    ...whom,
    role: Role.optional(),
    envName: z.string().nullish(),
    cellScopes: CellScopes.optional(),
    expiresAt: Moment.nullish(),
  }),
  z.strictObject({ action: z.literal('remove'), ...whom, revoke: Revocables.optional() }),
])
export type MemberChange = z.infer<typeof MemberChange>

export const ChangeMembers = z.strictObject({
  changes: z
    .array(z.looseObject({}))
    .min(1)
    .max(1000)
    .describe(
      'Rows: `{ action: "add" | "update" | "remove", projectId, userId, role?, envName?, cellScopes?, expiresAt?, permissions?, revoke? }`. With `add`, `permissions` limits the membership to verbs. With `remove`, `revoke` may be `["tokens", "webhooks"]` or one of them, to also revoke those that the member created.',
    ),
})

/** The outcome of a row; `member` is null after a removal and a refusal. */
export const MemberOutcome = z.object({
  index: z.int(),
  done: z.boolean(),
  member: Member.nullable(),
  code: z.string().nullable(),
  error: z.string().nullable(),
})
export type MemberOutcome = z.infer<typeof MemberOutcome>

export const MemberOutcomes = z.object({ done: z.int(), refused: z.int(), outcomes: MemberOutcome.array() })
export type MemberOutcomes = z.infer<typeof MemberOutcomes>

export const memberChangeOperations = {
  apply: operation({
    method: 'POST',
    path: '/orgs/{orgId}/member-changes',
    tag: 'Members',
    summary: 'Add, change or remove many members at once',
    permission: 'projects:list',
    freshSignIn: 'always',
    description:
      'At most 1,000 rows, for any people and projects. Each row is done or refused on its own, in order, like a request of its own: 200 if all were done, 207 if some were refused.',
    body: ChangeMembers,
    returns: MemberOutcomes,
    statusOf: (result) => ((result as MemberOutcomes).refused > 0 ? 207 : 200),
  }),
}
