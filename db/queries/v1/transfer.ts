import { type RawBuilder, sql } from 'kysely'
import type { Trx } from '../../client.ts'
import { json } from '../json.ts'
import { type Generation, countingInsert } from '../project-rows.ts'
import { withinBytes } from '../page-bytes.ts'
import { chunks } from '../transfer/transfer.ts'

type Exported = { kind: string; id: string }

/** Rows of one environment or all of them, by id, in the form of an export. */
const exporting =
  (table: 'agents' | 'core_instances', columns: RawBuilder<unknown>, large: string[]) =>
  (db: Trx, at: Generation, envId: string | null) =>
    chunks(
      async (after) => {
        const query = sql<Exported>`select ${columns} from ${sql.table(table)} r
        join environments v on v.project_id = r.project_id and v.id = r.env_id
        where r.project_id = ${at.projectId} and r.generation = ${at.generation}
          ${envId === null ? sql`` : sql`and r.env_id = ${envId}`} ${after === undefined ? sql`` : sql`and r.id > ${after}`}
        order by r.id limit 1000`
        return withinBytes(db, query, large, sql`q.id`)
      },
      (row) => row.id,
    )

export const exportAgents = exporting(
  'agents',
  sql`'Agent' as kind, r.id, v.name as "envName", r.name, r.machine_id as "machineID", r.type, r.version, r.edition, r.os, r.arch, r.flags,
    r.raw_config as "rawConfig", r.metadata, r.tags, r.fleet_id as "fleetID", r.first_metrics_added_at as "firstMetricsAddedAt",
    r.last_metrics_added_at as "lastMetricsAddedAt", r.created_at as "createdAt", r.updated_at as "updatedAt"`,
  ['rawConfig', 'metadata', 'flags', 'tags'],
)

export const exportCoreInstances = exporting(
  'core_instances',
  sql`'CoreInstance' as kind, r.id, v.name as "envName", r.name, r.version, r.image, r.tags, r.metadata,
    r.skip_service_creation as "skipServiceCreation", r.cluster_logging as "clusterLogging",
    r.add_health_check_pipeline as "addHealthCheckPipeline", r.health_check_pipeline_port as "healthCheckPipelinePort",
    r.health_check_pipeline_port_kind as "healthCheckPipelinePortKind", r.last_ping_at as "lastPingAt", r.created_at as "createdAt",
    r.updated_at as "updatedAt"`,
  ['metadata', 'tags'],
)

/** Returns the inserted ids. Skips ids and machines that exist already. */
export async function importAgents(trx: Trx, at: Generation, lines: object[]): Promise<string[]> {
  const rows = await countingInsert(
    trx,
    at,
    'agents',
    sql<{
      id: string
    }>`insert into agents (project_id, generation, id, env_id, name, machine_id, type, version, edition, os, arch, flags,
        raw_config, metadata, tags, fleet_id, first_metrics_added_at, last_metrics_added_at, created_at, updated_at)
      select ${at.projectId}::uuid, ${at.generation}::int, r.id, r."envId", r.name, r."machineID", r.type, r.version, r.edition, r.os, r.arch,
        r.flags, r."rawConfig", r.metadata, r.tags, r."fleetID", r."firstMetricsAddedAt", r."lastMetricsAddedAt", r."createdAt", r."updatedAt"
      from jsonb_to_recordset(${json(lines)}) as r (id uuid, "envId" uuid, name text, "machineID" text, type text, version text, edition text,
        os text, arch text, flags text[], "rawConfig" text, metadata jsonb, tags text[], "fleetID" uuid, "firstMetricsAddedAt" timestamptz,
        "lastMetricsAddedAt" timestamptz, "createdAt" timestamptz, "updatedAt" timestamptz)
      on conflict do nothing returning id`,
  )
  return rows.map((row) => row.id)
}

/** The same for core instances, where a name is unique in its environment. */
export async function importCoreInstances(trx: Trx, at: Generation, lines: object[]): Promise<string[]> {
  const rows = await countingInsert(
    trx,
    at,
    'core_instances',
    sql<{ id: string }>`insert into core_instances (project_id, generation, id, env_id, name, version, image, tags, metadata,
        skip_service_creation, cluster_logging, add_health_check_pipeline, health_check_pipeline_port, health_check_pipeline_port_kind,
        last_ping_at, created_at, updated_at)
      select ${at.projectId}::uuid, ${at.generation}::int, r.id, r."envId", r.name, r.version, r.image, r.tags, r.metadata,
        r."skipServiceCreation", r."clusterLogging", r."addHealthCheckPipeline", r."healthCheckPipelinePort", r."healthCheckPipelinePortKind",
        r."lastPingAt", r."createdAt", r."updatedAt"
      from jsonb_to_recordset(${json(lines)}) as r (id uuid, "envId" uuid, name text, version text, image text, tags text[], metadata jsonb,
        "skipServiceCreation" boolean, "clusterLogging" boolean, "addHealthCheckPipeline" boolean, "healthCheckPipelinePort" int,
        "healthCheckPipelinePortKind" text, "lastPingAt" timestamptz, "createdAt" timestamptz, "updatedAt" timestamptz)
      on conflict do nothing returning id`,
  )
  return rows.map((row) => row.id)
}
