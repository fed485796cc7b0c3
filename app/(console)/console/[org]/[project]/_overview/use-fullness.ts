import { useQuery } from '@tanstack/react-query'
import type { CellUsage } from '#contract/data/cell-usage'
import { cellUsageQuery } from '#queries/catalog/cells'
import { environmentsQuery } from '#queries/projects/environments'

/** The share of a limit above which a cell counts as nearly full. */
export const NEARLY_FULL = 0.8

type Usage = CellUsage['cells'][number]
export type Limit = Usage['constraints'][number]

const shareOf = ({ value, max }: Pick<Limit, 'value' | 'max'>) =>
  value === null ? 0 : max > 0 ? value / max : value > 0 ? Infinity : 0

/** The limit that a cell is nearest to. */
const nearestLimit = ({ constraints }: Pick<Usage, 'constraints'>): Limit | undefined =>
  constraints.toSorted((a, b) => shareOf(b) - shareOf(a))[0]

/** How full the cells are in the default environment, or in the one that this person sees. */
export function useFullness(org: string, project: string) {
  const { data: environments } = useQuery(environmentsQuery(org, project))
  const env = environments?.find(({ isDefault }) => isDefault) ?? environments?.[0]
  const usage = useQuery({ ...cellUsageQuery(org, project, env?.name ?? ''), enabled: env !== undefined }).data
  const limits = new Map(usage?.cells.map((cell) => [cell.name, nearestLimit(cell)]))
  const nearlyFull = [...limits.values()].filter((limit) => limit && shareOf(limit) > NEARLY_FULL).length
  return {
    envName: env?.name,
    /** Whether the environment is the only one. */
    isOne: environments?.length === 1,
    limits: usage && limits,
    nearlyFull: usage && nearlyFull,
  }
}
