/** The tables that hold a project's data, in the order in which one reads them. */
const inWords: Record<string, string> = {
  entity_types: 'Entity types',
  cells: 'Cells',
  cell_parents: 'Cells below other cells',
  relationship_types: 'Relationship types',
  secrets: 'Secrets',
  entities: 'Entities',
  relationships: 'Relationships',
  cell_members: 'Entities put into cells by hand',
  effective_cell_members: 'Places of entities in cells',
}

/** A table in human words; one that is new here by its own name. */
export const tableInWords = (table: string) =>
  inWords[table] ?? (table.charAt(0).toUpperCase() + table.slice(1)).replaceAll('_', ' ')

const order = Object.keys(inWords)
const rank = (table: string) => (order.includes(table) ? order.indexOf(table) : order.length)

/** What rests on another table comes after it. */
export const inReadingOrder = (tables: readonly string[]) => tables.toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b))

export const totalOf = (counts: Record<string, number>) => Object.values(counts).reduce((sum, rows) => sum + rows, 0)

/** "1 row", "12,345 rows". */
export const rowsInWords = (rows: number) => `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`

/** "2 hours", "3 days": how long a wipe is kept. */
export function hoursInWords(hours: number) {
  const [n, unit] = hours >= 48 && hours % 24 === 0 ? [hours / 24, 'day'] : [hours, 'hour']
  return `${n.toLocaleString('en')} ${unit}${n === 1 ? '' : 's'}`
}
