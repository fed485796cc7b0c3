import { z } from 'zod'
import { operation } from '../operation.ts'
import { quotas } from '../words.ts'

/** What an organization has quotas for. */
export const Quota = z.enum(quotas)
export type Quota = z.infer<typeof Quota>

/** The maximum of the database column. */
export const LARGEST_QUOTA = 2_147_483_647

const Measured = z.object({
  used: z.int(),
  quota: z.int().nullable().describe('Null: unlimited.'),
})

export const OrganizationUsage = z.object({
  projects: Measured.describe('Projects, without deleted ones.'),
  members: Measured.describe('People in the organization.'),
  tokens: Measured.describe('Active tokens of its projects, and active personal tokens that are limited to it.'),
  rows: Measured.describe(
    'Rows in the catalogs and data of its projects. Writes are checked against a count that is up to a minute old, which is also shown for an organization with more than 1,000 projects.',
  ),
} satisfies Record<Quota, typeof Measured>)
export type OrganizationUsage = z.infer<typeof OrganizationUsage>

export const usageOperations = {
  get: operation({
    method: 'GET',
    path: '/orgs/{orgId}/usage',
    tag: 'Organizations',
    summary: 'Get the usage and quotas of an organization',
    description:
      'The server’s operator sets the quotas. A request that would exceed one is refused with 409 `quota_reached`; restore and undo are never refused.',
    permission: 'organization:read',
    returns: OrganizationUsage,
  }),
}
