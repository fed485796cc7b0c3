import type { Terminal } from '../command.ts'
import { Unusable } from './errors.ts'

/** What could steer a terminal: control characters, and marks that turn the direction of text. */
const steering = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

/** A text of the server without what could steer a terminal. */
export const plain = (text: string): string => text.replaceAll(steering, '�')

/** JSON with such characters escaped, but for the line breaks between its fields. */
const json = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(steering, (one) =>
    one === '\n' ? one : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** The cells that an access is limited to. */
export const cellsOf = (scopes: readonly string[] | null): string => (scopes === null ? 'all' : scopes.join(', ') || 'none')

type Cell = string | number | boolean | null | undefined

/** The title of a column, and what stands in it. A value that an answer lacks is a fault of the server or of its version. */
export type Columns<Row> = [title: string, value: (row: Row) => Cell][]

function cell(title: string, value: Cell): string {
  if (value === undefined) throw new Unusable(`The server’s answer lacks “${title}”. Is it another version of Bulkhead`)
  return value === null ? '-' : plain(String(value))
}

/** Rows under their titles, in columns that are as wide as their widest cell. */
export function printTable<Row>({ print, say }: Terminal, rows: Row[], columns: Columns<Row>, none: string): void {
  if (rows.length === 0) return say(none)
  const lines = [
    columns.map(([title]) => title.toUpperCase()),
    ...rows.map((row) => columns.map(([title, value]) => cell(title, value(row)))),
  ]
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)))
  for (const line of lines)
    print(
      line
        .map((text, i) => text.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
}

export const printJson = ({ print }: Terminal, value: unknown): void => print(json(value))

/** Counts of tables, without those that are 0. */
export function printCounts({ print }: Terminal, counts: Record<string, number>, none: string): void {
  const rows = Object.entries(counts).filter(([, count]) => count > 0)
  if (rows.length === 0) return print(none)
  const width = Math.max(...rows.map(([name]) => name.length))
  const texts = rows.map(([, count]) => count.toLocaleString('en-US'))
  const right = Math.max(...texts.map((text) => text.length))
  for (const [i, [name]] of rows.entries())
    print(`  ${plain(name).replaceAll('_', ' ').padEnd(width)}  ${texts[i]!.padStart(right)}`)
}

/** Says how far a long transfer is, in place, when somebody watches. */
export function showProgress(what: string): { add(bytes: number): void; end(): void } {
  const { stderr } = process
  if (!stderr.isTTY) return { add() {}, end() {} }
  let bytes = 0
  let shown = 0
  return {
    add(more) {
      bytes += more
      if (Date.now() - shown < 200) return
      shown = Date.now()
      stderr.write(`\r${what}: ${(bytes / 1_000_000).toFixed(1)} MB`)
    },
    end: () => void stderr.write('\r\u001B[K'),
  }
}
