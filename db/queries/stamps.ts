import { type RawBuilder, sql } from 'kysely'

/** A time as a key of a cursor: `20260131235959123456`, which sorts as text. */
export const stampOf = (time: RawBuilder<unknown>) => sql`to_char(${time} at time zone 'UTC', 'YYYYMMDDHH24MISSUS')`

/** Such a key as a time. */
export function stampAsTime(key: string): RawBuilder<unknown> {
  const [, date, time, micros] = /^(.{8})(.{6})(.{6})$/.exec(key)!
  return sql`${`${date} ${time}.${micros}Z`}::timestamptz`
}
