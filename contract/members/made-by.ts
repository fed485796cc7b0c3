import { z } from 'zod'
import { Id, Role, Time } from '../common.ts'

/** What can be revoked together with a membership, on request. */
const revocable = ['tokens', 'webhooks'] as const
export type Revocable = (typeof revocable)[number]

const isRevocable = (kind: string): kind is Revocable => (revocable as readonly string[]).includes(kind)

/** In a body. */
export const Revocables = z.enum(revocable).array().max(revocable.length)

/** `?revoke=tokens,webhooks`. */
export const Revoke = z
  .string()
  .max(100)
  .refine((text) => text.split(',').every(isRevocable), `must be ${revocable.join(', ')} or both, separated by a comma`)
  .transform((text) => [...new Set(text.split(','))] as Revocable[])
  .describe('`tokens`, `webhooks`, or both separated by a comma: also revoke those that the member created.')

export const RevokeQuery = z.strictObject({ revoke: Revoke.optional() })

/** How many tokens are listed. */
export const mostMadeTokens = 200

export const Made = z.object({
  tokens: z
    .object({
      id: Id,
      name: z.string(),
      role: Role,
      project: z.object({ id: Id, slug: z.string(), name: z.string() }),
      createdAt: Time,
      expiresAt: Time.nullable(),
      lastUsedAt: Time.nullable(),
      revocable: z.boolean().describe('Whether the caller may revoke it.'),
    })
    .array()
    .describe(`Active project tokens in the projects whose tokens the caller may see. At most ${mostMadeTokens}.`),
  moreTokens: z.int().describe('How many active tokens are left out.'),
  webhooks: z
    .object({
      id: Id,
      host: z.string(),
      description: z.string(),
      enabled: z.boolean(),
      projects: z
        .array(z.object({ id: Id, slug: z.string(), name: z.string() }))
        .nullable()
        .describe('Null: all projects of the organization.'),
      createdAt: Time,
    })
    .array()
    .describe('Webhooks that they created, or whose URL they changed last. Empty unless the caller may manage webhooks.'),
})
export type Made = z.infer<typeof Made>

/** How much was revoked together with a membership. */
export const Revoked = z
  .object({ tokens: z.int(), webhooks: z.int() })
  .describe('With `?revoke=`: how many of the tokens and webhooks that they created were revoked.')
export type Revoked = z.infer<typeof Revoked>
