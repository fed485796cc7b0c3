import { Chip, Chips } from '#components/ui/chip'
import { Mono } from '#components/ui/mono'

export interface CellScopesProps {
  /** Null: every cell. Empty: none. */
  cells: readonly string[] | null
  /** All of them, on as many lines as it takes; otherwise the first two and how many more. */
  all?: boolean
}

/** Which cells an access reaches, as chips. */
export function CellScopes({ cells, all = false }: CellScopesProps) {
  if (cells === null) return <span className="text-muted">All cells</span>
  if (cells.length === 0) return <Chip label="No cells" className="border-edge!" />
  return <Chips labels={cells} max={all ? cells.length : 2} oneLine={!all} mono />
}

/** Which environment an access reaches. */
export function EnvironmentScope({ name }: { name: string | null }) {
  return name === null ? <span className="text-muted">All</span> : <Mono>{name}</Mono>
}
