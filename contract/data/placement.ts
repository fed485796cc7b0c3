import { z } from 'zod'
import { Id } from '../common.ts'
import { operation } from '../operation.ts'

const Member = z.object({ id: Id, name: z.string(), state: z.string(), metrics: z.record(z.string(), z.number()) })

export const Placement = z.object({
  cell: z.string(),
  envName: z.string(),
  policy: z.enum(['least-loaded', 'round-robin', 'random']),
  candidates: Member.extend({
    rank: z.int(),
    load: z
      .number()
      .nullable()
      .describe('How full it is, from 0 to 1: the highest ratio of a metric to its limit; null without a limit.'),
    lastPlacedAt: z.string().nullable().describe('When it last became an end of a new relationship.'),
  })
    .array()
    .describe('Best first.'),
  excluded: Member.extend({ reason: z.string() }).array(),
  omitted: z.int().describe('How many members are left out: at most 10,000 are ranked, and an answer holds at most 4 MiB.'),
})
export type Placement = z.infer<typeof Placement>

const PlacementQuery = z.strictObject({
  env: z.string().max(63).default('default').describe('The environment. Default: `default`.'),
})

export const placementOperations = {
  rank: operation({
    method: 'GET',
    path: '/{o}/{p}/cells/{name}/placement',
    tag: 'Cells',
    summary: 'Rank a cell’s members for the next placement',
    permission: 'data:read',
    description:
      'Ranked by the cell’s placement policy, within the limits of the cell and of its members. `excluded` says which members are full or unusable, and why.',
    query: PlacementQuery,
    returns: Placement,
  }),
}
