import { isDeepStrictEqual } from 'node:util'
import type { Database, Trx } from '#db/client'
import { findEnvironment, findEnvironmentById } from '#db/queries/projects/environments'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { admitsCells, admitsEnvironment, assertWritesCells, assertWritesEnvironment } from '../access/scope.ts'

/** An agent or core instance belongs to an environment and to no cell. */
const noCells: string[] = []

/** An actor limited to another environment, or to cells, does not see it. */
export const sees = ({ grant }: ProjectContext, envId: string) =>
  admitsEnvironment(grant, envId) && admitsCells(grant.cellScopes, noCells)

/** An actor limited to cells sees none at all. */
export const canSeeNothing = ({ grant }: ProjectContext) => !admitsCells(grant.cellScopes, noCells)

export function assertWrites(context: ProjectContext, envId: string): void {
  assertWritesEnvironment(context, envId)
  assertWritesCells(context, noCells)
}

/** The environment that a body names by id, for a write into it; '' and absent mean the default one. */
export async function environmentOf(db: Database | Trx, context: ProjectContext, id: string | undefined) {
  const { project } = context
  const row = id ? await findEnvironmentById(db, project.id, id) : await findEnvironment(db, project.id, 'default')
  if (!row) throw new DomainError('environment_not_found', 'No such environment')
  assertWrites(context, row.id)
  return row
}

/** Whether the caller is this agent or core instance itself. */
export const isItself = ({ actor }: ProjectContext, id: string) =>
  actor.kind === 'project_token' && actor.itself !== undefined && actor.id === id

/** The given fields that differ from the row. */
export function changesOf<Fields extends object>(
  row: object,
  given: { [Name in keyof Fields]?: Fields[Name] | undefined },
): Partial<Fields> {
  const before = row as Record<string, unknown>
  const differs = ([name, value]: [string, unknown]) => value !== undefined && !isDeepStrictEqual(value, before[name])
  return Object.fromEntries(Object.entries(given).filter(differs)) as Partial<Fields>
}
