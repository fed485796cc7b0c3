import { z } from 'zod'
import { operation } from '../operation.ts'

export const CellUsage = z.object({
  envName: z.string(),
  cells: z
    .object({
      name: z.string(),
      entities: z.int().describe('Its effective members.'),
      constraints: z
        .object({
          metric: z.string(),
          aggregate: z.enum(['sum', 'avg', 'min', 'max']),
          value: z.number().nullable().describe('null when no member has the metric.'),
          max: z.number(),
        })
        .array(),
    })
    .array(),
  omitted: z.int().describe('How many cells are left out: an answer holds at most 10,000 of them, and 4 MiB.'),
})
export type CellUsage = z.infer<typeof CellUsage>

const CellUsageQuery = z.strictObject({
  env: z.string().max(63).default('default').describe('The environment; `default` when left out.'),
})

export const cellUsageOperations = {
  get: operation({
    method: 'GET',
    path: '/{o}/{p}/cell-usage',
    tag: 'Cells',
    summary: 'How full every cell is',
    permission: 'data:read',
    description: 'In one environment, against each of its ceilings. A scoped caller’s figures are of what he sees.',
    query: CellUsageQuery,
    returns: CellUsage,
  }),
}
