import { loadModule, parseSync } from 'libpg-query'
import { type Reference, hasTenant, isPinnedBy } from './relation.ts'
import { readStatement } from './statement.ts'
import type { Table } from './tables.ts'

await loadModule()

/** A table with a tenant that a statement reads or writes without naming the tenant, and what would name it. */
export type Unpinned = { table: string; alias: string; by: string[] }

/**
 * Reads a statement with PostgreSQL's own parser. Each reference to a table with a tenant must be pinned where it stands: its
 * `org_id` or `project_id` equals what the caller gave or a column of a pinned row, or its own key or its parent's comes from
 * such a row, or a secret's hash finds it. `server/http/resolve.ts` decides whether the caller may name that tenant.
 */
export function unpinned(sql: string, tables: Table[]): Unpinned[] {
  const { stmts = [] } = parseSync(sql)
  const relations = stmts.flatMap(({ stmt }) => (stmt ? readStatement(stmt, tables) : []))
  const open = new Set(
    relations.filter((relation): relation is Reference => relation.table !== undefined && hasTenant(relation.table)),
  )
  for (let size = -1; size !== open.size;) {
    size = open.size
    for (const relation of open) {
      if (!isPinnedBy(relation, relation.facts)) continue
      ;(relation as { isPinned: boolean }).isPinned = true
      open.delete(relation)
    }
  }
  return [...open].map(({ alias, table: { name, tenant, parents } }) => ({
    table: name,
    alias,
    by: tenant.length > 0 ? tenant : parents.map((key) => key.join(', ')),
  }))
}
