/**
 * Settings that the code relies on, whatever the defaults of the server, the database and the role. As PostgreSQL shows them, but
 * for `alike`.
 */
export const sessionSettings = {
  TimeZone: 'UTC',
  DateStyle: 'ISO',
  default_transaction_isolation: 'read committed',
  statement_timeout: '30s',
  // A request uses at most one processor and leaves the others to its neighbors.
  max_parallel_workers_per_gather: '0',
  lock_timeout: '10s',
  idle_in_transaction_session_timeout: '1min',
} as const

type Name = keyof typeof sessionSettings
const all = Object.entries(sessionSettings) as [Name, string][]

/** As the `options` of a connection. */
const asOptions = all.map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`).join(' ')

/**
 * Adds our settings to the `options` of the URL, such as a `search_path`, and after them, so that ours hold. pg alone would take
 * those of the URL instead.
 */
export function withSettings(url: string): { connectionString: string; options: string } {
  const address = new URL(url)
  const own = address.searchParams.get('options')
  if (own === null) return { connectionString: url, options: asOptions }
  address.searchParams.delete('options')
  return { connectionString: address.href, options: `${own} ${asOptions}` }
}

/** `Etc/UTC` is UTC, and the order of day and month in `ISO, DMY` is that of input. */
const alike = (shown: string) => shown.replace(/^Etc\/|, \w+$/g, '')

/** Reads every setting of the connection back, each as a column of its name. */
export const readSettings = `select ${all.map(([name]) => `current_setting('${name}') as "${name}"`).join(', ')}`

/** The settings that are not as they must be. */
export const lostSettings = (shown: Record<Name, string>): { name: Name; value: string; shown: string }[] =>
  all.filter(([name, value]) => alike(shown[name]) !== value).map(([name, value]) => ({ name, value, shown: shown[name] }))

export type ShownSettings = Record<Name, string>
