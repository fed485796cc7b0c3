import { type ExpressionBuilder, sql } from 'kysely'
import type { DB } from '../../schema.ts'

export type RegisteredFilter = {
  name: string | undefined
  /** All tags of any of the groups. */
  tags: string[][] | undefined
  envId: string | undefined
  /** The one environment that the caller may see; null means every one. */
  only: string | null
}
export type RegisteredPage = RegisteredFilter & {
  before: { createdAt: string; key: string } | undefined
  limit: number
}

/** The conditions of a filter on the agents or core instances in the alias `r`. */
export const matching =
  ({ name, tags, envId, only }: RegisteredFilter) =>
  (eb: ExpressionBuilder<DB & { r: DB['agents'] | DB['core_instances'] }, 'r'>) =>
    eb.and([
      ...(name === undefined ? [] : [eb('r.name', '=', name)]),
      ...(envId === undefined ? [] : [eb('r.env_id', '=', envId)]),
      ...(only === null ? [] : [eb('r.env_id', '=', only)]),
      ...(tags === undefined ? [] : [eb.or(tags.map((group) => sql<boolean>`r.tags @> ${group}::text[]`))]),
    ])

/** Whether PostgreSQL names this unique constraint. A part of a table on another machine adds its number: `agents_key_102110`. */
export const isDuplicate = (error: unknown, constraint: string) =>
  error instanceof Error &&
  (error as { code?: unknown }).code === '23505' &&
  String((error as { constraint?: unknown }).constraint).replace(/_\d+$/, '') === constraint

/** False when it would violate the unique constraint, also against a concurrent write; the transaction is then aborted. */
export async function unlessTaken(constraint: string, write: Promise<unknown>): Promise<boolean> {
  try {
    await write
    return true
  } catch (error) {
    if (isDuplicate(error, constraint)) return false
    throw error
  }
}
