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
      .describe('How full it is, 0 to 1: its highest metric against that metric’s ceiling; null without a ceiling.'),
    lastPlacedAt: z.string().nullable().describe('When it last got a relationship.'),
  })
    .array()
    .describe('Best first.'),
  excluded: Member.extend({ reason: z.string() }).array(),
  omitted: z.int().describe('How many members are left out: at most 10,000 are ranked, and an answer holds 4 MiB.'),
})
export type Placement = z.infer<typeof Placement>

const PlacementQuery = z.strictObject({
  env: z.string().max(63).default('default').describe('The environment; `default` when left out.'),
})

export const placementOperations = {
  rank: operation({
    method: 'GET',
    path: '/{o}/{p}/cells/{name}/placement',
    tag: 'Cells',
    summary: 'Rank a cell’s members for the next placement',
    permission: 'data:read',
    description: 'By the cell’s policy, within the ceilings of the cell and of its members; who is out, and why.',
    query: PlacementQuery,
    returns: Placement,
  }),
}
