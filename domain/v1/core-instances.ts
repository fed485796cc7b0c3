import type {
  V1CoreInstance,
  V1CreateCoreInstance,
  V1CreatedCoreInstance,
  V1UpdateCoreInstance,
} from '#contract/v1/core-instances'
import type { RegisteredQuery } from '#contract/v1/registered'
import * as rows from '#db/queries/v1/core-instances'
import { audit } from '../audit/audit.ts'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Page } from '../paging.ts'
import { assertCan } from '../access/permissions.ts'
import { assertRoomForRows } from '../limits/quotas.ts'
import { reading, writingData } from '../writing.ts'
import { newestFirst, pageOf } from './paging.ts'
import { coreInstanceToken, shownTo } from './registered-tokens.ts'
import { defaultProfiles } from './resource-profiles.ts'
import { newRsaKey } from './rsa-keys.ts'
import { assertWrites, changesOf, environmentOf, sees, canSeeNothing } from './registered.ts'
import { tagsQueryOf } from './tags.ts'

/** In nanoseconds, the unit of its clients. */
const NEXT_PING = 30_000_000_000

const notFound = () => new DomainError('core_instance_not_found', 'No such core instance')
const taken = () => new DomainError('core_instance_exists', 'There is already a core instance of that name in its environment')

const present =
  (context: ProjectContext) =>
  (row: rows.CoreInstanceRow): V1CoreInstance => ({
    id: row.id,
    token: shownTo(context, coreInstanceToken({ id: row.id, projectId: context.project.id })),
    name: row.name,
    version: row.version,
    environmentName: row.env_name,
    pipelinesCount: 0,
    tags: row.tags,
    metadata: row.metadata as V1CoreInstance['metadata'],
    status: row.status,
    skipServiceCreation: row.skip_service_creation,
    clusterLoggingEnabled: row.cluster_logging,
    image: row.image,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  })

/** For the audit log, without token and metadata. */
const auditedFields = (row: rows.CoreInstanceRow) => ({
  id: row.id,
  name: row.name,
  version: row.version,
  image: row.image,
  tags: row.tags,
  skipServiceCreation: row.skip_service_creation,
  clusterLogging: row.cluster_logging,
  environmentName: row.env_name,
})

const targetOf = ({ id, name }: rows.CoreInstanceRow) => ({ kind: 'core-instance', id, name })

export async function createCoreInstance(context: ProjectContext, input: V1CreateCoreInstance): Promise<V1CreatedCoreInstance> {
  assertCan(context, 'data:write')
  await assertRoomForRows(context)
  const keys = await newRsaKey()
  return writingData(context, async (trx, at) => {
    const environment = await environmentOf(trx, context, input.environmentID)
    const id = newId()
    const inserted = await rows.insertCoreInstance(trx, at, {
      id,
      env_id: environment.id,
      name: input.name,
      version: input.version ?? '',
      image: input.image ?? null,
      tags: input.tags ?? [],
      metadata: input.metadata ?? {},
      skip_service_creation: input.skipServiceCreation ?? false,
      cluster_logging: input.clusterLogging ?? false,
      add_health_check_pipeline: input.addHealthCheckPipeline ?? false,
      health_check_pipeline_port: input.healthCheckPipelinePort ?? 0,
      health_check_pipeline_port_kind: input.healthCheckPipelinePortKind ?? '',
    })
    if (!inserted) throw taken()
    const row = (await rows.findCoreInstance(trx, at, id))!
    await audit(trx, context, 'core-instance.created', targetOf(row), { after: auditedFields(row) })
    // The creator gets its token, whatever their other permissions.
    return {
      ...present(context)(row),
      token: coreInstanceToken({ id, projectId: at.projectId }),
      image: row.image ?? '',
      ...keys,
      healthCheckPipeline: null,
      clusterLoggingPipeline: null,
      resourceProfiles: defaultProfiles(row.created_at),
    }
  })
}

const filterOf = ({ grant }: ProjectContext, query: RegisteredQuery) => ({
  name: query.name,
  tags: tagsQueryOf(query.tags_query),
  envId: query.environment_id || undefined,
  only: grant.envId,
})

export async function listCoreInstances(context: ProjectContext, query: RegisteredQuery): Promise<Page<V1CoreInstance>> {
  assertCan(context, 'data:read')
  const page = newestFirst(query)
  const filter = filterOf(context, query)
  if (canSeeNothing(context)) return { items: [], next: null }
  const found = await rows.listCoreInstances(context.db, reading(context), { ...page, ...filter })
  return pageOf(found, page, present(context))
}

/** How many there are on all pages. */
export async function countCoreInstances(context: ProjectContext, query: RegisteredQuery): Promise<number> {
  assertCan(context, 'data:read')
  const filter = filterOf(context, query)
  return canSeeNothing(context) ? 0 : rows.countCoreInstances(context.db, reading(context), filter)
}

export async function getCoreInstance(context: ProjectContext, id: string): Promise<V1CoreInstance> {
  assertCan(context, 'data:read')
  const row = await rows.findCoreInstance(context.db, reading(context), id)
  if (!row || !sees(context, row.env_id)) throw notFound()
  return present(context)(row)
}

/** Writes the changed fields and one event; nothing when all is unchanged. */
export async function updateCoreInstance(context: ProjectContext, id: string, input: V1UpdateCoreInstance): Promise<void> {
  assertCan(context, 'data:write')
  await writingData(context, async (trx, at) => {
    const row = await rows.lockCoreInstance(trx, at, id)
    if (!row) throw notFound()
    assertWrites(context, row.env_id)
    const { environmentID, skipServiceCreation, clusterLogging, ...given } = input
    const env_id = environmentID ? (await environmentOf(trx, context, environmentID)).id : undefined
    const renamed = { env_id, skip_service_creation: skipServiceCreation, cluster_logging: clusterLogging }
    const changes = changesOf<rows.CoreInstanceFields>(row, { ...given, ...renamed })
    const changed = Object.keys(changes)
    if (changed.length === 0) return
    if (!(await rows.updateCoreInstance(trx, at, id, changes))) throw taken()
    const after = (await rows.findCoreInstance(trx, at, id))!
    await audit(trx, context, 'core-instance.updated', targetOf(after), {
      before: auditedFields(row),
      after: { ...auditedFields(after), changed },
    })
  })
}

export async function deleteCoreInstance(context: ProjectContext, id: string): Promise<void> {
  assertCan(context, 'data:write')
  await writingData(context, async (trx, at) => {
    const row = await rows.lockCoreInstance(trx, at, id)
    if (!row) throw notFound()
    assertWrites(context, row.env_id)
    await rows.deleteCoreInstances(trx, at, [row.id])
    await audit(trx, context, 'core-instance.deleted', targetOf(row), { before: auditedFields(row) })
  })
}

/** All or none; ids that are not core instances of the project are skipped. */
export async function deleteCoreInstances(context: ProjectContext, ids: string[]): Promise<void> {
  assertCan(context, 'data:write')
  await writingData(context, async (trx, at) => {
    const found = await rows.lockCoreInstances(trx, at, ids)
    for (const row of found) assertWrites(context, row.env_id)
    if (found.length === 0) return
    await rows.deleteCoreInstances(
      trx,
      at,
      found.map((row) => row.id),
    )
    const { id, slug } = context.project
    await audit(trx, context, 'core-instances.deleted', { kind: 'project', id, name: slug }, { before: found.map(auditedFields) })
  })
}

/** Marks it alive: `running` until the next ping is overdue. */
export async function pingCoreInstance(context: ProjectContext, id: string): Promise<{ nextPing: number }> {
  assertCan(context, 'data:write')
  await writingData(context, async (trx, at) => {
    const row = await rows.lockCoreInstance(trx, at, id)
    if (!row) throw notFound()
    assertWrites(context, row.env_id)
    await rows.markPinged(trx, at, id)
  })
  return { nextPing: NEXT_PING }
}
