import { sql } from 'kysely'
import type { Trx } from '../../client.ts'
import { type Generation, countingDelete } from '../project-rows.ts'

/** All agents of an environment. */
export async function deleteAgentsOf(trx: Trx, at: Generation, envId: string): Promise<void> {
  await countingDelete(
    trx,
    at,
    'agents',
    sql`delete from agents where project_id = ${at.projectId} and generation = ${at.generation} and env_id = ${envId} returning id`,
  )
}

/** All core instances of an environment. */
export async function deleteCoreInstancesOf(trx: Trx, at: Generation, envId: string): Promise<void> {
  await countingDelete(
    trx,
    at,
    'core_instances',
    sql`delete from core_instances where project_id = ${at.projectId} and generation = ${at.generation} and env_id = ${envId} returning id`,
  )
}
