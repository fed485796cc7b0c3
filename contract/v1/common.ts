import { z } from 'zod'
import { Id, Time, VerbGrant, inQuery } from '../common.ts'
import { Address } from '../email.ts'
import { composed } from '../text.ts'

/** A person, as their memberships show them. */
export const User = z.object({
  id: Id,
  email: Address,
  name: z.string(),
  avatarURL: z.url().nullable(),
  createdAt: Time,
  updatedAt: Time,
})

/** `creator` is the owner; an ordinary member has no role (reference v1, 0.1). */
export const V1Role = z.enum(['creator', 'admin'])

export const Membership = z.object({
  id: Id,
  userID: Id,
  projectID: Id,
  roles: z.array(V1Role),
  permissions: z.array(VerbGrant),
  createdAt: Time,
  user: User.optional(),
})
export type Membership = z.infer<typeof Membership>

/** The four verbs. An empty list means all of them. */
export const Permissions = z
  .array(VerbGrant)
  .max(100)
  .refine((verbs) => new Set(verbs).size === verbs.length, {
    error: 'duplicate permission',
    params: { isWholeError: true },
  })

/** Clients send every field that they know, with null for no value (reference v1, 0.9). */
export const optional = <Shape extends z.ZodType>(shape: Shape) => shape.nullish().transform((value) => value ?? undefined)

/** The newest `last` items before the cursor. Absent or 0 means all of them: clients send it and never follow `Link`. */
export const LastQuery = z.object({
  last: inQuery(z.number().int().min(0).max(1_000_000_000).default(0)).describe(
    'How many of the newest. Default, also for 0: all.',
  ),
  before: z.string().max(500).optional().describe('The cursor from the `Link` header of the previous page.'),
})
export type LastQuery = z.infer<typeof LastQuery>

/** `LastQuery` with a name that must match exactly. */
export const NamedQuery = LastQuery.extend({
  name: z.string().overwrite(composed).max(1000).optional().describe('Only with exactly this name.'),
})
export type NamedQuery = z.infer<typeof NamedQuery>

export const invalidPage = { last: 'invalid last', before: 'decode cursor' }

export const Deleted = z.object({ deleted: z.boolean(), deletedAt: Time.nullable() })
export type Deleted = z.infer<typeof Deleted>

export const V1ErrorBody = z.object({ error: z.string() })
