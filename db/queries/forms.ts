import { type RawBuilder, sql } from 'kysely'

/** NFC shortens a text to a fourth at most, so a longer text equals no value of a membership rule and no label. */
const MOST = 4096

/**
 * A text of the caller's in NFC, to compare. ASCII is, and a long text stays as it is, because composing can take time by the
 * square of the length. Name a column, so that the text is read once.
 */
export const nfc = (text: RawBuilder<unknown>): RawBuilder<string> =>
  sql`case when octet_length(${text}) = length(${text}) or length(${text}) > ${sql.lit(MOST)} then ${text} else normalize(${text}, nfc) end`

/** Whether a column holds one of these texts; with one, a plain comparison, which plans best. */
export const isOneOf = (column: RawBuilder<unknown>, texts: string[]): RawBuilder<boolean> =>
  texts.length === 1 ? sql`${column} = ${texts[0]}` : sql`${column} = any(${texts}::text[])`
