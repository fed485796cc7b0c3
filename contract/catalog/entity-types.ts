import { z } from 'zod'
import { CatalogName, PageQuery, Time, Name, byName } from '../common.ts'
import { DeletedByName } from '../projects/environments.ts'
import { dataLimits, upTo } from '../limits/limits.ts'
import { operation } from '../operation.ts'

export const PropertyType = z.enum(['string', 'integer', 'number', 'boolean'])

/** One property of an entity type (reference 6). `domain/catalog/entity-types.ts` checks that a default is valid itself. */
export const Property = z.strictObject({
  name: CatalogName.refine((name) => !['__proto__', 'constructor', 'prototype'].includes(name), 'is reserved'),
  type: PropertyType,
  title: z.string().max(100).optional(),
  description: z.string().max(1000).optional(),
  required: z.boolean().default(false),
  default: z.union([z.string().max(1000), z.number(), z.boolean()]).optional(),
  enum: z.array(z.string().max(100)).min(1).max(200).optional(),
})
export type Property = z.infer<typeof Property>

/**
 * A number about an entity: pushed, or counted from its relationships of one type, only in the given states if there are any
 * (reference 6).
 */
const Metric = z.strictObject({
  name: CatalogName,
  unit: z.string().max(50).optional(),
  source: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('pushed') }),
      z.strictObject({ type: z.literal('manual') }),
      z.strictObject({
        type: z.literal('derived'),
        derivedFrom: z.literal('relationship-count'),
        filter: z.strictObject({ relationshipType: CatalogName, states: z.array(CatalogName).min(1).max(100).optional() }),
      }),
    ])
    .default({ type: 'pushed' }),
})
export type Metric = z.infer<typeof Metric>
const MetricCeiling = z.strictObject({ metric: CatalogName, max: z.number() })

const spec = {
  displayName: Name.optional(),
  states: z.array(CatalogName).max(100),
  initialState: CatalogName,
  properties: z.array(Property).max(200).default([]),
  metrics: z.array(Metric).max(dataLimits.metrics).default([]),
  constraints: z.array(MetricCeiling).max(100).default([]),
  syncTracked: z.boolean().default(true),
  syncFreshness: upTo(dataLimits.propertyValueBytes, byName(z.json())).optional(),
  applier: CatalogName.optional(),
}
const readOnly = { createdAt: z.unknown().optional(), updatedAt: z.unknown().optional() }

export const EntityType = z.object({
  kind: z.literal('EntityType'),
  name: z.string(),
  displayName: z.string(),
  states: z.array(z.string()),
  initialState: z.string(),
  properties: z.array(Property),
  metrics: z.array(Metric),
  constraints: z.array(MetricCeiling),
  syncTracked: z
    .boolean()
    .describe('For external sync tools: Bulkhead stores `syncTracked`, `syncFreshness` and `applier`, and does not use them.'),
  syncFreshness: z.record(z.string(), z.json()).optional(),
  applier: z.string().optional(),
  createdAt: Time,
  updatedAt: Time,
})
export type EntityType = z.infer<typeof EntityType>

export const CreateEntityType = z.strictObject({
  kind: z.literal('EntityType').default('EntityType'),
  name: CatalogName,
  ...spec,
})
export type CreateEntityType = z.infer<typeof CreateEntityType>

/** Replaces the type. `name`, if present, must match the URL. */
export const PutEntityType = z.strictObject({
  kind: z.literal('EntityType').default('EntityType'),
  name: CatalogName.optional(),
  ...spec,
  ...readOnly,
})
export type PutEntityType = z.infer<typeof PutEntityType>

const tag = 'Entity types'
const one = '/{o}/{p}/entity-types/{name}'

export const entityTypeOperations = {
  list: operation({
    method: 'GET',
    path: '/{o}/{p}/entity-types',
    tag,
    summary: 'List entity types',
    permission: 'catalog:read',
    query: PageQuery,
    returns: EntityType.array(),
  }),
  create: operation({
    method: 'POST',
    path: '/{o}/{p}/entity-types',
    tag,
    summary: 'Create an entity type',
    permission: 'catalog:write',
    body: CreateEntityType,
    returns: EntityType,
    status: 201,
    location: 'name',
    errors: { 409: '`entity_type_exists`, `quota_reached`' },
  }),
  get: operation({
    method: 'GET',
    path: one,
    tag,
    summary: 'Get an entity type',
    permission: 'catalog:read',
    returns: EntityType,
  }),
  replace: operation({
    method: 'PUT',
    path: one,
    tag,
    summary: 'Replace an entity type',
    permission: 'catalog:write',
    description:
      '409 `entity_type_in_use` while an entity is in a state, or has a value for a property, that the new version drops.',
    body: PutEntityType,
    returns: EntityType,
    errors: { 409: '`entity_type_in_use`', 412: '`precondition_failed`' },
  }),
  delete: operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Delete an entity type',
    permission: 'catalog:write',
    returns: DeletedByName,
    errors: { 409: '`entity_type_in_use`', 412: '`precondition_failed`' },
  }),
}
