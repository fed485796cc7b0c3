import { Chip, Chips } from '#components/ui/chip'
import { Mono } from '#components/ui/mono'

export interface CellScopesProps {
  /** Null means all cells; an empty list means none. */
  cells: readonly string[] | null
  /** Shows all cells on several lines; otherwise the first two and the number of others. */
  all?: boolean
}

/** The cells that an access reaches, as chips. */
export function CellScopes({ cells, all = false }: CellScopesProps) {
  if (cells === null) return <span className="text-muted">All cells</span>
  if (cells.length === 0) return <Chip label="No cells" className="border-edge!" />
  return <Chips labels={cells} max={all ? cells.length : 2} oneLine={!all} mono />
}

/** The environment that an access reaches. */
export function EnvironmentScope({ name }: { name: string | null }) {
  return name === null ? <span className="text-muted">All</span> : <Mono>{name}</Mono>
}
