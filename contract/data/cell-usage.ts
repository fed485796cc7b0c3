import { z } from 'zod'
import { operation } from '../operation.ts'

export const CellUsage = z.object({
  envName: z.string(),
  cells: z
    .object({
      name: z.string(),
      entities: z.int().describe('The number of entities in the cell.'),
      constraints: z
        .object({
          metric: z.string(),
          aggregate: z.enum(['sum', 'avg', 'min', 'max']),
          value: z.number().nullable().describe('Null if no entity in the cell has the metric.'),
          max: z.number(),
        })
        .array(),
    })
    .array(),
  omitted: z.int().describe('How many cells are left out: an answer holds at most 10,000 cells and 4 MiB.'),
})
export type CellUsage = z.infer<typeof CellUsage>

const CellUsageQuery = z.strictObject({
  env: z.string().max(63).default('default').describe('The environment. Default: `default`.'),
})

export const cellUsageOperations = {
  get: operation({
    method: 'GET',
    path: '/{o}/{p}/cell-usage',
    tag: 'Cells',
    summary: 'Get how full each cell is',
    permission: 'data:read',
    description:
      'In one environment, compared with each limit of the cell. The figures of a scoped caller count only what they can see.',
    query: CellUsageQuery,
    returns: CellUsage,
  }),
}
