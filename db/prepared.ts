import { type CompiledQuery, sql } from 'kysely'
import { type Database, PLANNED_WITH_VALUES, type Trx, lastingName, piped } from './client.ts'

type Build<Args extends unknown[], Row> = (db: Database | Trx, ...args: Args) => { compile(): CompiledQuery<Row> }

/** Stands for an argument while the query is built, to find its place among the parameters. */
class Place {
  readonly index: number

  constructor(index: number) {
    this.index = index
  }
}

/**
 * A query that Kysely builds and prints once; afterwards only its values change. For the few queries of nearly every request:
 * building them each time costs more than the rest of the request. `build` may only pass its arguments to the query.
 * `isShort`: finds few rows by key in well below a millisecond, so that it may leave through a pipe (db/pipe.ts).
 */
export function preparedList<Args extends unknown[], Row>(build: Build<Args, Row>, { isShort = false } = {}) {
  let compiled: CompiledQuery<Row> | undefined
  let name: string | undefined
  return async (db: Database | Trx, ...args: Args): Promise<Row[]> => {
    if (!compiled) {
      compiled = build(db, ...(args.map((_, index) => new Place(index)) as unknown as Args)).compile()
      // Named for the pool too, whatever has used up the other names.
      const lasting = lastingName(compiled.sql)
      if (isShort) name = lasting
    }
    const parameters = compiled.parameters.map((parameter) => (parameter instanceof Place ? args[parameter.index] : parameter))
    const short = name === undefined ? undefined : await piped(db, { name, text: compiled.sql, values: parameters })
    if (short) return short as Row[]
    const { rows } = await db.executeQuery<Row>({ ...compiled, parameters })
    return rows
  }
}

/** The same for a query of at most one row, by key: always short. */
export function preparedFirst<Args extends unknown[], Row>(build: Build<Args, Row>) {
  const list = preparedList(build, { isShort: true })
  return async (db: Database | Trx, ...args: Args): Promise<Row | undefined> => (await list(db, ...args))[0]
}

/**
 * Marks a statement that PostgreSQL plans with its values every time: it stays unnamed (db/client.ts). After five runs a named
 * statement gets a plan without values. For a list that is read from one index or another, depending on how many rows a value
 * finds, that plan may scan everything.
 */
export const plannedWithValues = sql.raw(PLANNED_WITH_VALUES)
