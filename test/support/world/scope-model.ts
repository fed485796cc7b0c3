/**
 * A project's data in memory, and what design and contract say about it, as briefly as possible: nothing derivable is stored, and
 * nothing is fast. The tests compare the product with it.
 */
export type CellSpec = { type: string; derived: string[] | null; parents: string[] }
export type Entity = { env: string; type: string; name: string; zone: string | undefined }
export type Link = { env: string; type: string; from: string; to: string }
/** The limits of a caller; null = no limit. */
export type Scope = { env: string | null; cells: string[] | null }

export const environments = ['default', 'staging']
/** Which entity types each type of relationship joins. */
export const ends: Record<string, { from: string; to: string }> = {
  feeds: { from: 'site', to: 'site' },
  hosts: { from: 'site', to: 'node' },
}

export const entityKey = ({ env, type, name }: Pick<Entity, 'env' | 'type' | 'name'>) => `${env}/${type}/${name}`
export const linkKey = ({ type, from, to }: Omit<Link, 'env'>) => `${from} ${type} ${to}`

export class ScopeModel {
  readonly cells = new Map<string, CellSpec>()
  readonly entities = new Map<string, Entity>()
  /** `cell env/type/name`: added manually. */
  readonly members = new Set<string>()
  readonly links = new Map<string, Link>()

  /** The cell and every cell above it. */
  above(cell: string, found = new Set<string>()): Set<string> {
    if (found.has(cell)) return found
    found.add(cell)
    for (const parent of this.cells.get(cell)?.parents ?? []) this.above(parent, found)
    return found
  }

  children(cell: string): string[] {
    return [...this.cells].filter(([, { parents }]) => parents.includes(cell)).map(([name]) => name)
  }

  /** The cells that have the entity manually or by its property, and every cell above them. */
  cellsOf(entity: Entity): string[] {
    const holds = ([name, cell]: [string, CellSpec]) =>
      cell.derived
        ? cell.type === entity.type && entity.zone !== undefined && cell.derived.includes(entity.zone)
        : this.members.has(`${name} ${entityKey(entity)}`)
    return [...new Set([...this.cells].filter(holds).flatMap(([name]) => [...this.above(name)]))].toSorted()
  }

  /** The cell is in the scope, or below one that is. */
  reaches({ cells }: Scope, cell: string): boolean {
    return cells === null || [...this.above(cell)].some((one) => cells.includes(one))
  }

  isInCells({ cells }: Scope, entity: Entity): boolean {
    return cells === null || this.cellsOf(entity).some((cell) => cells.includes(cell))
  }

  sees(scope: Scope, entity: Entity): boolean {
    return admits(scope, entity.env) && this.isInCells(scope, entity)
  }

  seesLink(scope: Scope, { from, to }: Link): boolean {
    return this.sees(scope, this.entities.get(from)!) && this.sees(scope, this.entities.get(to)!)
  }

  visible(scope: Scope, env?: string): Entity[] {
    return [...this.entities.values()].filter((entity) => (env === undefined || entity.env === env) && this.sees(scope, entity))
  }

  visibleLinks(scope: Scope, env?: string): Link[] {
    return [...this.links.values()].filter((link) => (env === undefined || link.env === env) && this.seesLink(scope, link))
  }

  /** Why a cell cannot become this; undefined when it can. */
  problemWith(name: string, { type, parents, derived }: CellSpec): string | undefined {
    if (parents.includes(name)) return 'cell_cycle'
    if (parents.some((parent) => !this.cells.has(parent))) return 'parent_cell_not_found'
    if (parents.some((parent) => this.cells.get(parent)!.type !== type)) return 'invalid_parent'
    if (parents.some((parent) => this.above(parent).has(name))) return 'cell_cycle'
    const isTaken = [...this.members].some((member) => member.startsWith(`${name} `))
    if (this.cells.has(name) && derived && isTaken) return 'cell_in_use'
    return undefined
  }

  deleteCell(name: string): void {
    this.cells.delete(name)
    for (const member of this.members) if (member.startsWith(`${name} `)) this.members.delete(member)
  }

  deleteEntity(key: string): void {
    this.entities.delete(key)
    for (const member of this.members) if (member.endsWith(` ${key}`)) this.members.delete(member)
  }
}

export const admits = (scope: Scope, env: string) => scope.env === null || scope.env === env
