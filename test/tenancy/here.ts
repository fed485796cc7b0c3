import type { UpdateStmt } from 'libpg-query'
import { wipedTables } from '#db/queries/project-rows'
import { type Reference, type Relation, type Value, equals } from './relation.ts'

/** What every row of a project's data has, and what a query over it names. */
const columns = ['project_id', 'generation'] as const

const wiped = new Set<string>(wipedTables)

/** Whether a column equals a value of the caller, by conditions of the query in which its table stands. */
function isNamedHere(relation: Relation, column: string, seen: ReadonlySet<string> = new Set()): boolean {
  const key = `${relation.id}.${column}`
  if (seen.has(key)) return false
  const inner = new Set([...seen, key])
  const isHere = ({ column: of, known }: Value): boolean =>
    of ? of.relation.place === relation.place && isNamedHere(of.relation, of.name, inner) : known(new Set()) > 0
  if (equals(relation.facts, relation, column).some(isHere)) return true
  return !relation.table && (relation.valueOf(column)?.known(new Set()) ?? 0) > 0
}

const comesFromAround = (relation: Relation, column: string) =>
  equals(relation.facts, relation, column).some(({ column: of }) => of !== undefined && of.relation.place !== relation.place)

/**
 * The tables of a project's data whose project or generation comes from a query around theirs. Where the data is spread over
 * machines, such a sub-select can't be sent to the one that has the rows.
 */
export const correlated = (references: readonly Reference[]): Reference[] =>
  references.filter(
    (one) =>
      wiped.has(one.table.name) &&
      !one.isNew &&
      columns.some((column) => !isNamedHere(one, column) && comesFromAround(one, column)),
  )

/** Gives each machine a value of its own, so that an UPDATE which is sent to several is refused. */
const volatile = new Set(['clock_timestamp', 'random', 'gen_random_uuid', 'uuidv7', 'uuidv4', 'timeofday'])

/** The tables of a project's data, and its environments, that an UPDATE gives the value of a volatile function. */
export function volatileUpdates(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  const inside = Object.values(node).flatMap(volatileUpdates)
  if (!('UpdateStmt' in node)) return inside
  const { relation, targetList = [] } = node.UpdateStmt as UpdateStmt
  const table = relation?.relname ?? ''
  const names = [...JSON.stringify(targetList).matchAll(/"sval":"(\w+)"/g)].map(([, name]) => name!)
  const isWrong = (wiped.has(table) || table === 'environments') && names.some((name) => volatile.has(name))
  return isWrong ? [table, ...inside] : inside
}
