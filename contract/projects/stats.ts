import { z } from 'zod'
import { operation } from '../operation.ts'

/** A scoped caller gets counts of what they can see, not of the whole project. */
export const Stats = z.object({
  tables: z.record(z.string(), z.int()),
  environments: z.array(z.object({ name: z.string(), entities: z.int() })),
  cells: z.array(z.object({ name: z.string(), displayName: z.string(), parentCells: z.array(z.string()), entities: z.int() })),
  omitted: z.int().describe('How many cells are left out: an answer holds at most 10,000 cells and 4 MiB.'),
  entities: z.int(),
  members: z.int().describe('How many people have access, including owners and admins of the organization.'),
})
export type Stats = z.infer<typeof Stats>

/** What a member with these cell scopes would see, for the panel that limits a member. */
export const ScopePreview = z.object({ visible: z.int(), total: z.int() })

export const ScopePreviewQuery = z.strictObject({
  cells: z
    .string()
    .max(101_000)
    .optional()
    .describe('Cell names as a JSON array. Default: all entities, including those not in a cell.'),
  env: z.string().max(63).optional().describe('One environment. Default: all.'),
})
export type ScopePreviewQuery = z.infer<typeof ScopePreviewQuery>

export const statsOperations = {
  get: operation({
    method: 'GET',
    path: '/{o}/{p}/stats',
    tag: 'Access',
    summary: 'Get counts by table, environment and cell',
    permission: 'data:read',
    returns: Stats,
  }),
  previewScope: operation({
    method: 'GET',
    path: '/{o}/{p}/scope-preview',
    tag: 'Access',
    summary: 'Count the entities that a scope would show',
    permission: 'members:manage',
    query: ScopePreviewQuery,
    returns: ScopePreview,
  }),
}
