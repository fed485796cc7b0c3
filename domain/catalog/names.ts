import { composed, formsOf } from '#contract/text'
import type { Database, Trx } from '#db/client'
import { type NamedTable, listNames } from '#db/queries/catalog/names'
import type { Generation } from '#db/queries/project-rows'
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

/**
 * The name as it is stored: as sent if that exists, else in NFC, else in NFD. Names are stored in NFC; older ones stay as they
 * were.
 */
export async function storedName(db: Database | Trx, at: Generation, table: NamedTable, name: string): Promise<string> {
  const forms = formsOf(name)
  if (forms.length === 1) return name
  const found = await listNames(db, at, table, forms)
  return forms.find((form) => found.includes(form)) ?? name
}

/** The one of these texts that a text means: the same, or else one that only differs in how its letters are composed. */
export function storedForm(texts: readonly string[], text: string): string {
  if (texts.includes(text)) return text
  const wanted = composed(text)
  return texts.find((one) => composed(one) === wanted) ?? text
}
