import pg from 'pg'
import { setting } from '#config/environment'
import { textOfFile } from '#config/secret-files'

const hasPassword = (url: string | undefined) => url !== undefined && URL.canParse(url) && new URL(url).password !== ''

/**
 * A connection whose password is read from `BULKHEAD_DATABASE_PASSWORD_FILE` when it connects, where the URL has none: a password
 * that was rotated is used by the next connection.
 */
export class Client extends pg.Client {
  constructor(config: pg.ClientConfig = {}) {
    super(config)
    const file = setting('BULKHEAD_DATABASE_PASSWORD_FILE')
    if (file === undefined || hasPassword(config.connectionString)) return
    const read = async () => textOfFile('BULKHEAD_DATABASE_PASSWORD_FILE', file)
    ;(this as { password?: unknown }).password = read
  }
}
