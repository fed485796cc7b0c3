import { z } from 'zod'
import { CreateCell } from '../catalog/cells.ts'
import { Flag, Id, SoughtName, Time, withComposedKeys } from '../common.ts'
import { CreateEntity, Metrics, Properties } from '../data/entities.ts'
import { CreateEntityType } from '../catalog/entity-types.ts'
import { operation } from '../operation.ts'
import { CreateRelationshipType } from '../catalog/relationship-types.ts'
import { CreateRelationship } from '../data/relationships.ts'
import { CreateSecret } from '../catalog/secrets.ts'
import { V1AgentRow } from '../v1/agents.ts'
import { V1CoreInstanceRow } from '../v1/core-instances.ts'

/** Postgres has no year 0000. */
const When = Time.refine((text) => Date.parse(text) >= 0, 'must be a time after 1970')
const times = { createdAt: When, updatedAt: When }
const envName = z.string().max(63)
const id = Id.toLowerCase()
/** The types of an import have their names in NFC, so their values must too. */
const properties = withComposedKeys(Properties).default({})

/**
 * One line of an export: a document of the catalog, an entity, its place in an explicit cell, a relationship, an agent or a core
 * instance, with its id and times so that an import restores the same rows. The values of secrets are never exported.
 */
export const TransferLine = z.discriminatedUnion('kind', [
  CreateEntityType.extend({ kind: z.literal('EntityType'), ...times }),
  CreateSecret.extend({ kind: z.literal('Secret'), ...times }),
  CreateCell.extend({ kind: z.literal('Cell'), ...times }),
  CreateRelationshipType.extend({ kind: z.literal('RelationshipType'), ...times }),
  CreateEntity.extend({
    kind: z.literal('Entity'),
    id,
    envName,
    state: SoughtName,
    properties,
    metrics: Metrics,
    ...times,
  }),
  z.strictObject({ kind: z.literal('CellMember'), cell: SoughtName, entityId: id, createdAt: When }),
  CreateRelationship.extend({
    kind: z.literal('Relationship'),
    id,
    envName,
    from: id,
    to: id,
    state: SoughtName,
    properties,
    ...times,
  }),
  V1AgentRow.extend({
    kind: z.literal('Agent'),
    id,
    envName,
    firstMetricsAddedAt: When.nullable(),
    lastMetricsAddedAt: When.nullable(),
    ...times,
  }),
  V1CoreInstanceRow.extend({ kind: z.literal('CoreInstance'), id, envName, lastPingAt: When.nullable(), ...times }),
])
export type TransferLine = z.output<typeof TransferLine>

export const Imported = z.object({ rows: z.record(z.string(), z.int()).describe('How many lines of each kind were imported.') })

export const transferOperations = {
  export: operation({
    method: 'GET',
    path: '/{o}/{p}/export',
    tag: 'Export and import',
    summary: 'Export the catalog and the data',
    permission: 'data:read',
    description:
      'NDJSON, one document a line: a snapshot of what the caller can see. The response starts once the export is complete. Each caller can run one export at a time; another gets 429 `too_much_at_once`. Secrets are included without values, and only for callers who may read them.',
    returns: TransferLine,
    stream: true,
  }),
  import: operation({
    method: 'POST',
    path: '/{o}/{p}/import',
    tag: 'Export and import',
    summary: 'Import an export into an empty project',
    permission: 'apply:write',
    description:
      'NDJSON from an export, at most 4 GiB and 1 MiB a line. All or nothing: the import starts once the whole body has arrived. Each caller can run one import at a time; another gets 429 `too_much_at_once`. 409 `project_not_empty` if the project has a catalog or data: nuke it first. While a nuke can be undone, 409 `cell_in_scope` if members, tokens or open invitations are limited to a cell whose membership rule or parents differ from those before the nuke; the error names them, and `?force=true` imports anyway.',
    query: z.strictObject({
      force: Flag.default(false).describe(
        'Import even if a cell that somebody is limited to differs from what it was before the nuke.',
      ),
    }),
    returns: Imported,
    maxBody: 4 * 1024 * 1024 * 1024,
    stream: true,
    errors: { 400: '`invalid_import`', 409: '`project_not_empty`, `cell_in_scope`, `quota_reached`' },
  }),
}
