import { z } from 'zod'
import { CatalogName, PageQuery, Time, Name } from '../common.ts'
import { Property } from './entity-types.ts'
import { DeletedByName } from '../projects/environments.ts'
import { operation } from '../operation.ts'

export const Cardinality = z.enum(['one-to-one', 'one-to-many', 'many-to-one', 'many-to-many'])
export type Cardinality = z.infer<typeof Cardinality>

const numberOrReference = 'must be a number or a reference such as {{ to.metrics.available-cpu }}'

/** `leq`, the limit of the sum, is a number or one reference such as `{{ to.metrics.available-cpu }}` (reference 6). */
export const PropertySum = z.strictObject({
  type: z.literal('property-sum'),
  property: CatalogName,
  leq: z.union(
    [
      z.number(),
      z
        .string()
        .max(300)
        .regex(/^\{\{\s*(from|to)\.(metrics|properties)\.[^\s{}]+\s*\}\}$/, numberOrReference),
    ],
    {
      error: numberOrReference,
    },
  ),
})
export type PropertySum = z.infer<typeof PropertySum>

const spec = {
  displayName: Name.optional(),
  from: CatalogName,
  to: CatalogName,
  cardinality: Cardinality.default('many-to-many'),
  states: z.array(CatalogName).min(1, 'must have at least one state').max(100),
  properties: z.array(Property).max(200).default([]),
  constraints: z.array(PropertySum).max(100).default([]),
}
const readOnly = { createdAt: z.unknown().optional(), updatedAt: z.unknown().optional() }

export const RelationshipType = z.object({
  kind: z.literal('RelationshipType'),
  name: z.string(),
  displayName: z.string(),
  from: z.string(),
  to: z.string(),
  cardinality: Cardinality,
  states: z.array(z.string()),
  properties: z.array(Property),
  constraints: z.array(PropertySum),
  createdAt: Time,
  updatedAt: Time,
})
export type RelationshipType = z.infer<typeof RelationshipType>

const kind = z.literal('RelationshipType').default('RelationshipType')
export const CreateRelationshipType = z.strictObject({ kind, name: CatalogName, ...spec })
export type CreateRelationshipType = z.infer<typeof CreateRelationshipType>

/** Replaces the type. `name`, if present, must match the URL. */
export const PutRelationshipType = z.strictObject({ kind, name: CatalogName.optional(), ...spec, ...readOnly })
export type PutRelationshipType = z.infer<typeof PutRelationshipType>

const tag = 'Relationship types'
const one = '/{o}/{p}/relationship-types/{name}'

export const relationshipTypeOperations = {
  list: operation({
    method: 'GET',
    path: '/{o}/{p}/relationship-types',
    tag,
    summary: 'List relationship types',
    permission: 'catalog:read',
    query: PageQuery,
    returns: RelationshipType.array(),
  }),
  create: operation({
    method: 'POST',
    path: '/{o}/{p}/relationship-types',
    tag,
    summary: 'Create a relationship type',
    permission: 'catalog:write',
    description: '400 `entity_type_not_found`, `invalid_relationship_type`.',
    body: CreateRelationshipType,
    returns: RelationshipType,
    status: 201,
    location: 'name',
    errors: { 409: '`relationship_type_exists`, `quota_reached`' },
  }),
  get: operation({
    method: 'GET',
    path: one,
    tag,
    summary: 'Get a relationship type',
    permission: 'catalog:read',
    returns: RelationshipType,
  }),
  replace: operation({
    method: 'PUT',
    path: one,
    tag,
    summary: 'Replace a relationship type',
    permission: 'catalog:write',
    description:
      '409 `relationship_type_in_use` while relationships are in a state, or have a value for a property, that the new version drops, or exceed its cardinality.',
    body: PutRelationshipType,
    returns: RelationshipType,
    errors: { 409: '`relationship_type_in_use`', 412: '`precondition_failed`' },
  }),
  delete: operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Delete a relationship type',
    permission: 'catalog:write',
    returns: DeletedByName,
    errors: { 409: '`relationship_type_in_use`', 412: '`precondition_failed`' },
  }),
}
