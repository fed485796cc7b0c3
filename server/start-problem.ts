import { setting } from '#config/environment'
import { StartError } from '#config/start-error'

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** The statement that gives what PostgreSQL missed, by its message. */
function remedyOf(message: string, user: string): string | undefined {
  const [, kind = '', name = ''] = /^(?:permission denied for|must be owner of) (\w+) (.+)$/.exec(message) ?? []
  if (message.startsWith('must be owner of')) return `ALTER ${kind.toUpperCase()} ${quoted(name)} OWNER TO ${user};`
  if (kind === 'schema') return `GRANT USAGE, CREATE ON SCHEMA ${quoted(name)} TO ${user};`
  if (kind === 'database') return `GRANT CREATE ON DATABASE ${quoted(name)} TO ${user};`
  if (kind === 'table') return `GRANT ALL ON TABLE ${quoted(name)} TO ${user};`
  if (kind === 'sequence') return `GRANT ALL ON SEQUENCE ${quoted(name)} TO ${user};`
  return undefined
}

function missingGrant(message: string, url: string): StartError {
  const name = decodeURIComponent(URL.parse(url)?.username ?? '') || 'bulkhead'
  const remedy = remedyOf(message, quoted(name))
  return new StartError(
    `The database user ${name} lacks a permission: ${message}. ${
      remedy ? `Run this as the owner of the database, then start again: ${remedy}` : 'Give it to them, then start again.'
    }`,
  )
}

/** What an operator can mend, as a sentence: missing grants, and a full disk. Anything else stays as it is. */
export function inWords(error: unknown, url: string = setting('DATABASE_DIRECT_URL') ?? setting('DATABASE_URL') ?? ''): unknown {
  if (!(error instanceof Error) || error instanceof StartError) return error
  const code = String((error as { code?: unknown }).code)
  if (code === '42501') return missingGrant(error.message, url)
  if (code === '53100') return new StartError('The database server has no disk space left. Make room there, then start again.')
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StartError(`There is no disk space left (${error.message}). Make room, then start again.`)
  return error
}
