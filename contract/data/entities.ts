import { z } from 'zod'
import { CatalogName, Id, PageQuery, Time, byName } from '../common.ts'
import { dataLimits, upTo } from '../limits/limits.ts'
import { operation } from '../operation.ts'

const PropertyValue = z.union([upTo(dataLimits.propertyValueBytes, z.string()), z.number(), z.boolean()])
export type PropertyValue = z.infer<typeof PropertyValue>

/** The entity's type sets the types; `domain/catalog/property-values.ts` checks the values, and their limit in bytes together. */
export const Properties = z.record(z.string().max(100), PropertyValue)
export const Labels = upTo(
  dataLimits.labelsBytes,
  byName(z.string().max(500)).refine((labels) => Object.keys(labels).length <= 100, 'must have at most 100 labels'),
)

/** As read: values stored before a limit are shown as they are. */
export const StoredProperties = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
export const StoredLabels = z.record(z.string(), z.string())

export const Entity = z.object({
  kind: z.literal('Entity'),
  id: Id,
  envName: z.string(),
  entityType: z.string(),
  name: z.string(),
  state: z.string(),
  properties: StoredProperties,
  labels: StoredLabels,
  metrics: z.record(z.string(), z.number()).describe('Pushed values, and values counted from its relationships.'),
  cells: z.array(z.string()).describe('The cells that it is in, including their parents; only those that the caller can see.'),
  createdAt: Time,
  updatedAt: Time,
})
export type Entity = z.infer<typeof Entity>

const kind = z.literal('Entity').default('Entity')

export const CreateEntity = z.strictObject({
  kind,
  entityType: CatalogName,
  name: CatalogName,
  state: CatalogName.optional(),
  properties: Properties.default({}),
  labels: Labels.default({}),
})
export type CreateEntity = z.infer<typeof CreateEntity>

/** Only the fields that are present change; `properties` and `labels` are replaced as a whole. Read-only fields are ignored. */
export const UpdateEntity = z
  .strictObject({
    kind,
    state: CatalogName.optional(),
    properties: Properties.optional(),
    labels: Labels.optional(),
    id: z.unknown().optional(),
    envName: z.unknown().optional(),
    entityType: z.unknown().optional(),
    name: z.unknown().optional(),
    metrics: z.unknown().optional(),
    cells: z.unknown().optional(),
    createdAt: z.unknown().optional(),
    updatedAt: z.unknown().optional(),
  })
  .transform(({ state, properties, labels }) => ({ state, properties, labels }))
export type UpdateEntity = z.infer<typeof UpdateEntity>

export const EntityQuery = PageQuery.extend({
  entityType: z.string().max(100).optional().describe('Only entities of this type.'),
  state: z.string().max(100).optional().describe('Only entities in this state.'),
  cell: z.string().max(100).optional().describe('Only entities in this cell, explicit or derived.'),
  label: z
    .string()
    .max(700)
    .regex(/^[^:]+:/, 'must have the form key:value')
    .optional()
    .describe('Only entities with this label: `team:payments`.'),
  q: z.string().max(100).optional().describe('Only entities whose name contains this, ignoring case.'),
})
export type EntityQuery = z.infer<typeof EntityQuery>

/** A name is unique only within its type, so `entityType` tells apart two entities of one name. An id needs none. */
const WhichEntity = z.strictObject({
  entityType: z.string().max(100).optional().describe('Which one, where entities of several types have the name in the URL.'),
})
export type WhichEntity = z.infer<typeof WhichEntity>

export const DeletedEntity = z.object({ deleted: z.literal(true), id: Id, name: z.string() })

const fewMetrics = <Shape extends z.ZodType<Record<string, number | null>>>(shape: Shape): Shape =>
  shape
    .refine((metrics) => Object.keys(metrics).length <= dataLimits.metrics, `must have at most ${dataLimits.metrics} metrics`)
    .meta({ maxProperties: dataLimits.metrics })

/** The metrics of an entity as an export carries them. */
export const Metrics = fewMetrics(byName(z.number()))

export const PushMetrics = z.strictObject({
  metrics: fewMetrics(
    byName(z.number().nullable()).refine((metrics) => Object.keys(metrics).length > 0, 'must have at least one metric'),
  ).describe('Merged into the current metrics; null removes one.'),
})
export type PushMetrics = z.infer<typeof PushMetrics>

const tag = 'Entities'
const all = '/{o}/{p}/envs/{envName}/entities'
const one = `${all}/{name}` as const
const ambiguous = '`ambiguous_name`'

export const entityOperations = {
  list: operation({
    method: 'GET',
    path: all,
    tag,
    summary: 'List entities',
    permission: 'data:read',
    query: EntityQuery,
    returns: Entity.array(),
  }),
  create: operation({
    method: 'POST',
    path: all,
    tag,
    summary: 'Create an entity',
    permission: 'data:write',
    description:
      '400 `invalid_entity`, `too_many_cells`; 403 `out_of_scope` if the caller could not see the new entity; 404 `entity_type_not_found`.',
    body: CreateEntity,
    returns: Entity,
    status: 201,
    location: 'id',
    errors: { 409: '`entity_exists`, `quota_reached`' },
  }),
  get: operation({
    method: 'GET',
    path: one,
    tag,
    summary: 'Get an entity by id or name',
    permission: 'data:read',
    query: WhichEntity,
    returns: Entity,
    errors: { 409: ambiguous },
  }),
  update: operation({
    method: 'PUT',
    path: one,
    tag,
    summary: 'Update an entity',
    permission: 'data:write',
    query: WhichEntity,
    body: UpdateEntity,
    returns: Entity,
    errors: { 409: ambiguous, 412: '`precondition_failed`' },
  }),
  delete: operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Delete an entity',
    permission: 'data:write',
    query: WhichEntity,
    returns: DeletedEntity,
    errors: { 409: `${ambiguous}, \`entity_in_use\``, 412: '`precondition_failed`' },
  }),
  pushMetrics: operation({
    method: 'PUT',
    path: `${one}/metrics`,
    tag,
    summary: 'Push an entity’s metrics',
    permission: 'data:write',
    query: WhichEntity,
    body: PushMetrics,
    returns: Entity,
    errors: { 409: `${ambiguous}, \`constraint_exceeded\``, 412: '`precondition_failed`' },
  }),
}
