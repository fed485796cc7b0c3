import pg from 'pg'
import { StartError } from '#config/start-error'

/** What a broken connection reports, which is no answer of the database. */
const isLost = (error: unknown) =>
  error instanceof Error &&
  (/^Connection terminated|not queryable/.test(error.message) || (error as { code?: string }).code === 'ECONNRESET')

/** Puts a failure of the database into a sentence that begins with what was to be done; any other error stays as it is. */
export function inSentence(error: unknown, failed: string): unknown {
  if (error instanceof pg.DatabaseError) return new StartError(`${failed}: ${error.message}.`)
  return isLost(error) ? new StartError(`${failed}: the connection to the database was lost.`) : error
}
