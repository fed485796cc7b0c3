import { type RawBuilder, sql } from 'kysely'
import type { Json } from '../schema.ts'

/** A value for a `jsonb` column: the driver would print an array as a Postgres array. */
export const json = (value: unknown): RawBuilder<Json> => sql<Json>`${JSON.stringify(value)}::jsonb`

/** The same, where null means SQL null. */
export const nullableJson = (value: unknown): RawBuilder<Json> | null =>
  value === null || value === undefined ? null : json(value)

/** What people are searched for by: a part of their name, or of their address in the form in which addresses are stored. */
export type PersonPart = { name: string; address: string }

/** A pattern for texts that contain `needle` as it is, ignoring case; escapes `%`, `_` and `\`. */
export const containingExactly = (needle: string) => `%${needle.replaceAll(/[\\%_]/g, '\\$&')}%`

/** The same for `needle` in the form in which names are stored. */
export const containing = (needle: string) => containingExactly(needle.normalize('NFC'))
