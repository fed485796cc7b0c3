import type { Environment } from '#contract/projects/environments'
import type { PageQuery } from '#contract/common'
import type { Database, Trx } from '#db/client'
import * as rows from '#db/queries/projects/environments'
import { audit } from '../audit/audit.ts'
import type { ProjectContext } from '../context.ts'
import { counted } from '../access/counted.ts'
import { DomainError } from '../errors.ts'
import { newId } from '../ids.ts'
import { type Page, idCursor, toPage } from '../paging.ts'
import { assertCan } from '../access/permissions.ts'
import { admitsEnvironment, assertWritesEnvironment } from '../access/scope.ts'
import { writingProject } from '../writing.ts'

type EnvironmentRow = NonNullable<Awaited<ReturnType<typeof rows.findEnvironment>>>

const present = (row: EnvironmentRow): Environment => ({
  id: row.id,
  name: row.name,
  isDefault: row.is_default,
  createdAt: row.created_at,
})

const notFound = (name: string) => new DomainError('environment_not_found', `There is no environment named ${name}`)

export async function listEnvironments(context: ProjectContext, { limit, cursor }: PageQuery): Promise<Page<Environment>> {
  assertCan(context, 'catalog:read')
  const { db, project, grant } = context
  const found = await rows.listEnvironments(db, project.id, { only: grant.envId, after: idCursor(cursor), limit })
  return toPage(found, limit, (row) => [row.id], present)
}

export async function createEnvironment(context: ProjectContext, { name }: { name: string }): Promise<Environment> {
  assertCan(context, 'catalog:write')
  return writingProject(context, async (trx) => {
    const row = await rows.insertEnvironment(trx, { id: newId(), project_id: context.project.id, name })
    if (!row) throw new DomainError('environment_exists', `There is already an environment named ${name}. Choose another name`)
    const environment = present(row)
    await audit(trx, context, 'environment.created', { kind: 'environment', id: row.id, name }, { after: environment })
    return environment
  })
}

/**
 * Refused for the default environment and while anything refers to it: a scope must never widen because its environment is gone.
 */
export async function deleteEnvironment(context: ProjectContext, name: string): Promise<{ deleted: true; name: string }> {
  assertCan(context, 'catalog:write')
  return writingProject(context, async (trx, locked) => {
    const row = await rows.findEnvironment(trx, context.project.id, name)
    if (!row) throw notFound(name)
    if (row.is_default) throw new DomainError('default_environment', 'The default environment can’t be deleted')
    const uses = await rows.countEnvironmentUses(trx, context.project.id, locked.generation, row.id)
    const some = (n: number, one: string, many: string) => counted(context, n, one, many)
    const wiped = some(uses.wiped, 'nuked row', 'nuked rows')
    const members = some(uses.members, 'member', 'members')
    const tokens = some(uses.tokens, 'token', 'tokens')
    const holders = [
      some(uses.entities, 'entity', 'entities'),
      some(uses.secrets, 'secret value', 'secret values'),
      some(uses.agents, 'agent', 'agents'),
      some(uses.core_instances, 'core instance', 'core instances'),
      wiped && `${wiped} that an undo could bring back`,
      members && `${members} limited to it`,
      tokens && `${tokens} limited to it`,
    ].filter(Boolean)
    if (holders.length > 0) throw new DomainError('environment_in_use', `${name} still has ${holders.join(', ')}`)
    await rows.deleteEnvironment(trx, context.project.id, row.id)
    await audit(trx, context, 'environment.deleted', { kind: 'environment', id: row.id, name }, { before: present(row) })
    return { deleted: true, name }
  })
}

/** The default environment keeps its name, because requests that name none use it. */
export async function renameEnvironment(context: ProjectContext, environmentId: string, name: string): Promise<void> {
  assertCan(context, 'catalog:write')
  await writingProject(context, async (trx) => {
    const before = await rows.findEnvironmentById(trx, context.project.id, environmentId)
    if (!before) throw notFound(environmentId)
    if (before.name === name) return
    if (before.is_default) throw new DomainError('forbidden', 'The default environment can’t be renamed')
    const after = await rows.renameEnvironment(trx, context.project.id, environmentId, name)
    if (!after) throw new DomainError('environment_exists', `There is already an environment named ${name}. Choose another name`)
    const target = { kind: 'environment', id: environmentId, name }
    await audit(trx, context, 'environment.renamed', target, { before: present(before), after: present(after) })
  })
}

/** The environment of a URL to read: outside the actor's own, it does not exist. */
export async function environmentToRead(context: ProjectContext, name: string): Promise<Environment> {
  const row = await rows.findEnvironment(context.db, context.project.id, name)
  if (!row || !admitsEnvironment(context.grant, row.id)) throw notFound(name)
  return present(row)
}

/** The environment of a URL to write: outside the actor's own, it is refused. */
export async function environmentToWrite(context: ProjectContext, db: Database | Trx, name: string): Promise<Environment> {
  const row = await rows.findEnvironment(db, context.project.id, name)
  if (!row) throw notFound(name)
  assertWritesEnvironment(context, row.id)
  return present(row)
}

/** Resolves an `envName` in a body; 400 for an unknown name. `null` and absent mean every environment. */
export async function environmentIdOf(
  db: Database | Trx,
  projectId: string,
  envName: string | null | undefined,
): Promise<string | null> {
  if (envName === null || envName === undefined) return null
  const row = await rows.findEnvironment(db, projectId, envName)
  if (!row)
    throw new DomainError('no_such_environment', `There is no environment named ${envName}`, [
      { path: 'envName', message: 'is not an environment of this project' },
    ])
  return row.id
}
