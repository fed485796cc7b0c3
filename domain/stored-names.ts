import { composed, formsOf } from '#contract/text'
import type { Database, Trx } from '#db/client'
import { type NamedTable, listNames } from '#db/queries/catalog/names'
import type { Generation } from '#db/queries/project-rows'

/**
 * The names as they are stored: as sent if that exists, else in NFC, else in NFD. Names are stored in NFC; older ones stay as they
 * were.
 */
export async function storedNames(db: Database | Trx, at: Generation, table: NamedTable, names: string[]): Promise<string[]> {
  const forms = names.map(formsOf)
  const several = forms.filter(({ length }) => length > 1).flat()
  if (several.length === 0) return names
  const found = new Set(await listNames(db, at, table, several))
  return names.map((name, i) => forms[i]?.find((form) => found.has(form)) ?? name)
}

/** The same for one name. */
export async function storedName(db: Database | Trx, at: Generation, table: NamedTable, name: string): Promise<string> {
  const [stored = name] = await storedNames(db, at, table, [name])
  return stored
}

/** The cells of a scope as they are stored. A scope may also name cells that do not exist yet. */
export const storedScopes = async (db: Database | Trx, at: Generation, cellScopes: string[] | null | undefined) =>
  cellScopes ? [...new Set(await storedNames(db, at, 'cells', cellScopes))] : null

/** The one of these texts that a text means: the same, or else one that only differs in how its letters are composed. */
export function storedForm(texts: readonly string[], text: string): string {
  if (texts.includes(text)) return text
  const same = composed(text)
  return texts.find((one) => composed(one) === same) ?? text
}
