import { loadModule, parseSync } from 'libpg-query'
import { correlated, volatileUpdates } from './here.ts'
import { type Reference, hasTenant, isPinnedBy } from './relation.ts'
import { readStatement } from './statement.ts'
import type { Table } from './tables.ts'

await loadModule()

/** A table with a tenant that a statement reads or writes without naming the tenant, and what would name it. */
export type Unpinned = { table: string; alias: string; by: string[] }

/**
 * Reads a statement with PostgreSQL's own parser. Each reference to a table with a tenant must be pinned where it stands: its
 * `org_id` or `project_id` equals what the caller gave or a column of a pinned row, or its own key or its parent's comes from
 * such a row, or a secret's hash finds it. A project's data names its project and generation in its own sub-select. `server/http/resolve.ts` decides whether the caller may name that tenant.
 */
export function unpinned(sql: string, tables: Table[]): Unpinned[] {
  const { stmts = [] } = parseSync(sql)
  const relations = stmts.flatMap(({ stmt }) => (stmt ? readStatement(stmt, tables) : []))
  const references = relations.filter(
    (relation): relation is Reference => relation.table !== undefined && hasTenant(relation.table),
  )
  const open = new Set(references)
  for (let size = -1; size !== open.size;) {
    size = open.size
    for (const relation of open) {
      if (!isPinnedBy(relation, relation.facts)) continue
      ;(relation as { isPinned: boolean }).isPinned = true
      open.delete(relation)
    }
  }
  const elsewhere = correlated(references).filter((one) => !open.has(one))
  return [
    ...[...open].map(({ alias, table: { name, tenant, parents } }) => ({
      table: name,
      alias,
      by: tenant.length > 0 ? tenant : parents.map((key) => key.join(', ')),
    })),
    ...elsewhere.map(({ alias, table: { name } }) => ({ table: name, alias, by: ['project_id and generation where it stands'] })),
    ...volatileUpdates(stmts).map((table) => ({ table, alias: table, by: ['statement_timestamp(), or a value of the caller'] })),
  ]
}
