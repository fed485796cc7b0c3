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
  .max(100, 'must be at most 100 characters')
  .refine((text) => text.split(',').every(isRevocable), `must be ${revocable.join(', ')} or both, with a comma between them`)
  .transform((text) => [...new Set(text.split(','))] as Revocable[])
  .describe('`tokens`, `webhooks`, or both with a comma between them: what the member made is revoked along with the membership.')

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
      revocable: z.boolean().describe('Whether you may revoke it.'),
    })
    .array()
    .describe(`Project tokens that still work, in the projects whose tokens you may see. At most ${mostMadeTokens}.`),
  moreTokens: z.int().describe('How many more there are.'),
  webhooks: z
    .object({
      id: Id,
      host: z.string(),
      description: z.string(),
      enabled: z.boolean(),
      projects: z
        .array(z.object({ id: Id, slug: z.string(), name: z.string() }))
        .nullable()
        .describe('null = all of the organization.'),
      createdAt: Time,
    })
    .array()
    .describe('Webhooks that they created or last redirected, for whoever may manage webhooks.'),
})
export type Made = z.infer<typeof Made>

/** How much was revoked together with a membership. */
export const Revoked = z
  .object({ tokens: z.int(), webhooks: z.int() })
  .describe('With `?revoke=`: how much of what they made was revoked along.')
export type Revoked = z.infer<typeof Revoked>
