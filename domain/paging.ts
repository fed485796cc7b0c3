import { Time } from '#contract/common'
import { isFollowed } from '#db/queries/page-bytes'
import { isId } from './ids.ts'
import { DomainError } from './errors.ts'

/** One page of a list and the cursor of the next, which is null on the last page. */
export type Page<T> = {
  items: T[]
  next: string | null
  /** The cursor after one of the items, where a page must end early. */
  cursorAfter?(index: number): string
}

const badCursor = () =>
  new DomainError(
    'invalid_request',
    'The cursor is not valid for this list. Use the rel="next" link of the previous page as it is',
    [{ path: 'cursor', message: 'must come from the rel="next" link of the previous page' }],
  )

/** The opaque text of a key: a cursor is never an offset. */
const encode = (key: string[]) => Buffer.from(JSON.stringify(key)).toString('base64url')

function decode(cursor: string, length: number): string[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(key) && key.length === length && key.every((part) => typeof part === 'string' && !part.includes('\0')))
      return key as string[]
  } catch {}
  throw badCursor()
}

/** Cuts the extra row that a list query fetched, and remembers the last row shown. */
export const toPage = <Row extends object, T>(
  rows: Row[],
  limit: number,
  keyOf: (row: Row) => string[],
  present: (row: Row) => T,
): Page<T> => new RowPage(rows, limit, keyOf, present)

class RowPage<Row extends object, T> implements Page<T> {
  readonly items: T[]
  readonly next: string | null
  readonly #rows: Row[]
  readonly #keyOf: (row: Row) => string[]

  constructor(rows: Row[], limit: number, keyOf: (row: Row) => string[], present: (row: Row) => T) {
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    this.items = page.map(present)
    this.next = last && (rows.length > limit || isFollowed(last)) ? encode(keyOf(last)) : null
    this.#rows = page
    this.#keyOf = keyOf
  }

  cursorAfter(index: number): string {
    return encode(this.#keyOf(this.#rows[index]!))
  }
}

/** The id after which a list continues. */
export function idCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined
  const id = decode(cursor, 1)[0]!
  if (!isId(id)) throw badCursor()
  return id
}

/** A real time in the form that this API returns; Postgres has no year 0000. */
const isTime = (text: string) => Time.safeParse(text).success && !text.startsWith('0000')

/** A creation time and a tie-breaker. Times stay text: converting to `Date` would repeat or lose the row at the edge. */
export function timeCursor(
  cursor: string | undefined,
  isKey: (text: string) => boolean = () => true,
): { createdAt: string; key: string } | undefined {
  if (cursor === undefined) return undefined
  const [createdAt, key] = decode(cursor, 2) as [string, string]
  if (!isTime(createdAt) || !isKey(key)) throw badCursor()
  return { createdAt, key }
}

/** `20260131235959123456`: a time as a key that sorts as text. */
export function isStamp(text: string): boolean {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{6})$/.exec(text)
  if (!parts) return false
  const [, year, month, day, hour, minute, second, micros] = parts
  return isTime(`${year}-${month}-${day}T${hour}:${minute}:${second}.${micros}Z`)
}

/** How risky somebody is, their name and their id. */
export function riskCursor(cursor: string | undefined): { risk: number; name: string; id: string } | undefined {
  if (cursor === undefined) return undefined
  const [risk, name, id] = decode(cursor, 3) as [string, string, string]
  if (!/^\d{1,3}$/.test(risk) || !isId(id)) throw badCursor()
  return { risk: Number(risk), name, id }
}

/** A name and an id, for lists sorted by name, or by another text that `isKey` recognizes. */
export function nameCursor(
  cursor: string | undefined,
  isKey: (text: string) => boolean = () => true,
): { name: string; id: string } | undefined {
  if (cursor === undefined) return undefined
  const [name, id] = decode(cursor, 2) as [string, string]
  if (!isKey(name) || !isId(id)) throw badCursor()
  return { name, id }
}
