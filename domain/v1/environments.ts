import type { NamedQuery } from '#contract/v1/common'
import type { V1Environment, V1UpdateEnvironment } from '#contract/v1/environments'
import { findEnvironmentById } from '#db/queries/projects/environments'
import { deleteAgentsOf } from '#db/queries/v1/agents'
import { deleteCoreInstancesOf } from '#db/queries/v1/core-instances'
import { listV1Environments as listRows } from '#db/queries/v1/environments'
import type { ProjectContext } from '../context.ts'
import { createEnvironment, deleteEnvironment, renameEnvironment } from '../projects/environments.ts'
import { DomainError } from '../errors.ts'
import type { Page } from '../paging.ts'
import { assertCan } from '../access/permissions.ts'
import { writingProject } from '../writing.ts'
import { newestFirst, pageOf } from './paging.ts'

/** An actor limited to an environment sees only that one. */
export async function listV1Environments(context: ProjectContext, query: NamedQuery): Promise<Page<V1Environment>> {
  assertCan(context, 'project:read')
  const page = newestFirst(query)
  const { db, project, grant } = context
  const found = await listRows(db, project.id, { ...page, name: query.name, only: grant.envId })
  return pageOf(found, page, (row) => ({ id: row.id, name: row.name, createdAt: row.created_at, updatedAt: row.updated_at }))
}

export async function createV1Environment(context: ProjectContext, input: { name: string }) {
  assertCan(context, 'catalog:write')
  const { id, createdAt } = await createEnvironment(context, input)
  return { id, createdAt }
}

export async function updateV1Environment(context: ProjectContext, id: string, { name }: V1UpdateEnvironment) {
  assertCan(context, 'catalog:write')
  if (name !== undefined) await renameEnvironment(context, id, name)
  return {}
}

/**
 * Also deletes its agents and core instances (reference v1, 7); anything else in it still prevents the deletion. All or nothing.
 */
export async function deleteV1Environment(context: ProjectContext, id: string) {
  assertCan(context, 'catalog:write')
  await writingProject(context, async (trx, _, at) => {
    const environment = await findEnvironmentById(trx, context.project.id, id)
    if (!environment) throw new DomainError('forbidden', 'permission denied')
    await deleteAgentsOf(trx, at, id)
    await deleteCoreInstancesOf(trx, at, id)
    await deleteEnvironment({ ...context, db: trx }, environment.name)
  })
  return {}
}
