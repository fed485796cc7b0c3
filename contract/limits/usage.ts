import { z } from 'zod'
import { operation } from '../operation.ts'

/** What an organization has quotas for. */
export const Quota = z.enum(['projects', 'members', 'tokens', 'rows'])
export type Quota = z.infer<typeof Quota>

/** The maximum of the database column. */
export const LARGEST_QUOTA = 2_147_483_647

const Measured = z.object({
  used: z.int(),
  quota: z.int().nullable().describe('null = as many as it likes.'),
})

export const OrganizationUsage = z.object({
  projects: Measured.describe('Projects that are not deleted.'),
  members: Measured.describe('People of the organisation.'),
  tokens: Measured.describe('Tokens of its projects, and personal tokens for it alone, that still work.'),
  rows: Measured.describe(
    'Everything in the catalogs and data of its projects. Writing is judged by a count that is up to a minute old.',
  ),
} satisfies Record<Quota, typeof Measured>)
export type OrganizationUsage = z.infer<typeof OrganizationUsage>

export const usageOperations = {
  get: operation({
    method: 'GET',
    path: '/orgs/{orgId}/usage',
    tag: 'Organizations',
    summary: 'What an organisation uses, and how much it may',
    description:
      'Whoever runs the server sets the quotas. What would go beyond one is refused with 409 `quota_reached`; restoring and undoing never are.',
    permission: 'organization:read',
    returns: OrganizationUsage,
  }),
}
