import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartError } from './start-error.ts'

const reason = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error))

function read(path: string) {
  try {
    return readFileSync(path, 'utf8').trim() || undefined
  } catch (error) {
    if (reason(error) === 'ENOENT') return undefined
    throw new StartError(`The file ${path} can’t be read (${reason(error)}). Check its permissions.`)
  }
}

/** Reads a private file, and creates it the first time. Two processes that create it at once get the same text. */
export function keepFile(path: string, make: () => string) {
  const existing = read(path)
  if (existing) return existing
  const draft = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(draft, `${make()}\n`, { mode: 0o600 })
    try {
      // link() refuses to replace: the first one wins, and nobody ever reads half a file.
      linkSync(draft, path)
    } catch (error) {
      if (reason(error) !== 'EEXIST') throw error
    } finally {
      rmSync(draft, { force: true })
    }
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(
      `The file ${path} can’t be created (${reason(error)}). Check the folder’s permissions, or set BULKHEAD_DATA_DIR to another folder.`,
    )
  }
  const created = read(path)
  if (!created) throw new StartError(`The file ${path} is empty. Delete it and start again.`)
  return created
}
