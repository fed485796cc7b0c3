import pg from 'pg'
import { literalOf } from './literal.ts'

export type Row = Record<string, unknown>
export type Statement = { name: string; text: string; values: unknown[] }

type Fields = (string | null)[]
type Description = { fields: { name: string; dataTypeID: Parameters<pg.CustomTypesConfig['getTypeParser']>[0] }[] }

/** How the rows of a connection's statements are read, by the statement's name. */
export type Readers = Map<string, (fields: Fields) => Row>

const { TEXT, VARCHAR, UUID } = pg.types.builtins
const asSent: number[] = [TEXT, VARCHAR, UUID]

function readerOf({ fields }: Description, types: pg.CustomTypesConfig): (sent: Fields) => Row {
  const parsers = fields.map(({ dataTypeID }) => types.getTypeParser(dataTypeID, 'text'))
  const columns = fields.map(({ name, dataTypeID }, i) => ({
    name,
    expression: asSent.includes(dataTypeID) ? `source[${i}]` : `source[${i}] === null ? null : parts[${i}](source[${i}])`,
  }))
  return literalOf(columns, parsers)
}

/** What pg declares of a query only in its source. */
type Inside = { name: string; _canceledDueToError: unknown }

/**
 * A named statement whose columns are described once for each connection. pg alone would copy the statement and look up the type
 * of each column every time, which costs as much as the rest of a short lookup.
 */
export class Lookup extends pg.Query {
  readonly found: Row[] = []
  /** Characters of all values. */
  length = 0
  readonly #readers: Readers
  readonly #types: pg.CustomTypesConfig
  #read: ((fields: Fields) => Row) | undefined

  constructor(
    statement: Statement,
    { readers, types }: { readers: Readers; types: pg.CustomTypesConfig },
    done: (error: Error | null | undefined) => void,
  ) {
    super(...([statement.text, statement.values, done] as unknown as [string, unknown[]]))
    ;(this as unknown as Inside).name = statement.name
    this.#readers = readers
    this.#types = types
  }

  handleRowDescription(description: Description): void {
    const { name } = this as unknown as Inside
    this.#read = this.#readers.get(name)
    if (!this.#read) this.#readers.set(name, (this.#read = readerOf(description, this.#types)))
  }

  handleDataRow({ fields }: { fields: Fields }): void {
    try {
      for (const field of fields) this.length += field?.length ?? 0
      this.found.push(this.#read!(fields))
    } catch (error) {
      ;(this as unknown as Inside)._canceledDueToError = error
    }
  }
}
