import { readFileSync } from 'node:fs'
import { StartError } from './start-error.ts'

/** Settings whose value may be in a file instead, named by the same setting with `_FILE`: container platforms mount secrets so. */
export const secretSettings = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'BULKHEAD_SECRET',
  'BULKHEAD_PREVIOUS_SECRETS',
  'BULKHEAD_ADMIN_PASSWORD',
  'BULKHEAD_OIDC_CLIENT_SECRET',
  'BULKHEAD_SMTP_URL',
] as const

export const fileOf = (name: string) => `${name}_FILE`

const isSecret = (name: string) => (secretSettings as readonly string[]).includes(name)

/** The text of a file without its last line break, which editors and `echo` add. */
export function textOfFile(setting: string, path: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new StartError(`The file of the setting ${setting}, ${path}, can’t be read (${(error as { code?: string }).code}).`)
  }
  if (text === '') throw new StartError(`The file of the setting ${setting}, ${path}, is empty.`)
  return text
}

/** Files that were read. A secret stays the same while the process runs, whatever happens to its file. */
const texts = new Map<string, string>()

/** A setting's text, from its variable, else from its file; undefined when it has neither. An empty variable counts as not set. */
export function givenText(environment: Record<string, string | undefined>, name: string): string | undefined {
  const text = environment[name] || undefined
  const path = isSecret(name) ? environment[fileOf(name)] || undefined : undefined
  // The start publishes what it has read, for what reads settings later; by then the file may have changed.
  if (text !== undefined || path === undefined) return text
  const known = texts.get(path) ?? textOfFile(fileOf(name), path)
  texts.set(path, known)
  return known
}

/** Throws where a setting has a value and a file, of which only one can hold. */
export function assertOneEach(environment: Record<string, string | undefined>): void {
  for (const name of secretSettings)
    if (environment[name] && environment[fileOf(name)]) throw new StartError(`Set ${name} or ${fileOf(name)}, not both.`)
}
