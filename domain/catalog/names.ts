import { composed } from '#contract/text'
import { DomainError } from '../errors.ts'
import { timeCursor } from '../paging.ts'

/** A part of the catalog keeps its name. `what` is its kind with an article, as a sentence begins. */
export function assertSameName(what: string, name: string, given: string | undefined): void {
  if (given === undefined || given === name || given === composed(name)) return
  throw new DomainError('invalid_request', `${what} can’t be renamed. Leave out the name, or send the one in the URL`, [
    { path: 'name', message: 'must be the name in the URL' },
  ])
}

/** The page of a list by time and name that begins after the cursor. */
export function pageAfter({ limit, cursor }: { limit: number; cursor?: string | undefined }) {
  const after = timeCursor(cursor)
  return { after: after && { createdAt: after.createdAt, name: after.key }, limit }
}
