/** The tables with a project's data, in reading order. */
const inWords: Record<string, string> = {
  entity_types: 'Entity types',
  cells: 'Cells',
  cell_parents: 'Cell hierarchy links',
  relationship_types: 'Relationship types',
  secrets: 'Secrets',
  entities: 'Entities',
  relationships: 'Relationships',
  secret_values: 'Secret values',
  catalog_revisions: 'Catalog revisions',
  cell_members: 'Cell memberships set by hand',
  effective_cell_members: 'Cell memberships in effect',
  agents: 'Agents',
  core_instances: 'Core instances',
}

/** A table's readable name; an unknown table keeps its own. */
export const tableInWords = (table: string) =>
  inWords[table] ?? (table.charAt(0).toUpperCase() + table.slice(1)).replaceAll('_', ' ')

const order = Object.keys(inWords)
const rank = (table: string) => (order.includes(table) ? order.indexOf(table) : order.length)

/** Sorts tables so that each follows those it depends on. */
export const inReadingOrder = (tables: readonly string[]) => tables.toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b))

export const totalOf = (counts: Record<string, number>) => Object.values(counts).reduce((sum, rows) => sum + rows, 0)

/** "1 token", "12,345 tokens". */
export const inWordsOf = (n: number, one: string) => `${n.toLocaleString('en')} ${n === 1 ? one : `${one}s`}`

/** "1 row", "12,345 rows". */
export const rowsInWords = (rows: number) => inWordsOf(rows, 'row')

/** "2 hours", "3 days": how long nuked data is kept. */
export function hoursInWords(hours: number) {
  const [n, unit] = hours >= 48 && hours % 24 === 0 ? ([hours / 24, 'day'] as const) : ([hours, 'hour'] as const)
  return inWordsOf(n, unit)
}

/** What people call the things in these tables; the other tables hold parts of them. */
const things: Record<string, readonly [one: string, many: string]> = {
  entities: ['entity', 'entities'],
  relationships: ['relationship', 'relationships'],
  cells: ['cell', 'cells'],
  entity_types: ['entity type', 'entity types'],
  relationship_types: ['relationship type', 'relationship types'],
  secrets: ['secret', 'secrets'],
  agents: ['agent', 'agents'],
  core_instances: ['core instance', 'core instances'],
}

const list = new Intl.ListFormat('en-US', { style: 'long', type: 'conjunction' })

/** "36 entities, 5 cells and 1 entity type"; the number of rows where these counts hold none of the things that people name. */
export function thingsInWords(counts: Record<string, number>): string {
  const named = Object.entries(things).flatMap(([table, [one, many]]) => {
    const count = counts[table] ?? 0
    return count === 0 ? [] : [`${count.toLocaleString('en')} ${count === 1 ? one : many}`]
  })
  return named.length > 0 ? list.format(named).replace(', and ', ' and ') : rowsInWords(totalOf(counts))
}
