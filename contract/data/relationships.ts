import { z } from 'zod'
import { CatalogName, Id, PageQuery, SoughtName, Time } from '../common.ts'
import { Labels, Properties, StoredLabels, StoredProperties } from './entities.ts'
import { operation } from '../operation.ts'

const End = z.object({ id: Id, entityType: z.string(), name: z.string() })

export const Relationship = z.object({
  kind: z.literal('Relationship'),
  id: Id,
  envName: z.string(),
  relationshipType: z.string(),
  from: End,
  to: End,
  state: z.string(),
  properties: StoredProperties,
  labels: StoredLabels,
  createdAt: Time,
  updatedAt: Time,
})
export type Relationship = z.infer<typeof Relationship>

const kind = z.literal('Relationship').default('Relationship')

export const CreateRelationship = z.strictObject({
  kind,
  relationshipType: CatalogName,
  from: CatalogName.describe('The id or name of the entity at which the relationship starts.'),
  to: CatalogName.describe('The id or name of the entity at which the relationship ends.'),
  state: CatalogName.optional(),
  properties: Properties.default({}),
  labels: Labels.default({}),
})
export type CreateRelationship = z.infer<typeof CreateRelationship>

const unknown = z.unknown().optional()

/** Only the fields that are present change; `properties` and `labels` are replaced as a whole. Read-only fields are ignored. */
export const UpdateRelationship = z
  .strictObject({
    kind,
    state: CatalogName.optional(),
    properties: Properties.optional(),
    labels: Labels.optional(),
    id: unknown,
    envName: unknown,
    relationshipType: unknown,
    from: unknown,
    to: unknown,
    createdAt: unknown,
    updatedAt: unknown,
  })
  .transform(({ state, properties, labels }) => ({ state, properties, labels }))
export type UpdateRelationship = z.infer<typeof UpdateRelationship>

export const SetState = z.strictObject({ state: CatalogName })

export const RelationshipQuery = PageQuery.extend({
  relationshipType: SoughtName.optional().describe('Only relationships of this type.'),
  state: SoughtName.optional().describe('Only relationships in this state.'),
  entity: Id.optional().describe('Only relationships that start or end at this entity.'),
  from: Id.optional().describe('Only those from the entity with this id.'),
  to: Id.optional().describe('Only those to the entity with this id.'),
})
export type RelationshipQuery = z.infer<typeof RelationshipQuery>

export const DeletedById = z.object({ deleted: z.literal(true), id: Id })

const tag = 'Relationships'
const all = '/{o}/{p}/envs/{envName}/relationships'
const one = `${all}/{relationshipId}` as const

export const relationshipOperations = {
  list: operation({
    method: 'GET',
    path: all,
    tag,
    summary: 'List relationships',
    permission: 'data:read',
    description: 'A relationship is visible if both of its ends are.',
    query: RelationshipQuery,
    returns: Relationship.array(),
  }),
  create: operation({
    method: 'POST',
    path: all,
    tag,
    summary: 'Create a relationship',
    permission: 'data:write',
    description:
      'Both ends must be within the caller’s cells: 403 `out_of_scope`. 404 `relationship_type_not_found`, `entity_not_found`.',
    body: CreateRelationship,
    returns: Relationship,
    status: 201,
    location: 'id',
    errors: { 409: '`relationship_exists`, `cardinality_exceeded`, `constraint_exceeded`, `quota_reached`' },
  }),
  get: operation({
    method: 'GET',
    path: one,
    tag,
    summary: 'Get a relationship',
    permission: 'data:read',
    returns: Relationship,
  }),
  update: operation({
    method: 'PUT',
    path: one,
    tag,
    summary: 'Update a relationship',
    permission: 'data:write',
    body: UpdateRelationship,
    returns: Relationship,
    errors: { 409: '`constraint_exceeded`', 412: '`precondition_failed`' },
  }),
  setState: operation({
    method: 'PUT',
    path: `${one}/state`,
    tag,
    summary: 'Move a relationship to another state',
    permission: 'data:write',
    body: SetState,
    returns: Relationship,
    errors: { 409: '`constraint_exceeded`', 412: '`precondition_failed`' },
  }),
  delete: operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Delete a relationship',
    permission: 'data:write',
    returns: DeletedById,
    errors: { 412: '`precondition_failed`' },
  }),
}
