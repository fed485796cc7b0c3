import { z } from 'zod'
import { CatalogName, Flag, Id, PageQuery, Time, Name } from '../common.ts'
import { Entity } from '../data/entities.ts'
import { DeletedByName } from '../projects/environments.ts'
import { operation } from '../operation.ts'

/**
 * Absent means explicit membership. Present means every entity of the type whose property is one of `values` (default: the cell's
 * own name).
 */
const Membership = z.strictObject({
  derivedFrom: z.strictObject({ property: CatalogName, values: z.array(z.string().max(1000)).min(1).max(1000).optional() }),
})
const CellConstraint = z.strictObject({ metric: CatalogName, aggregate: z.enum(['sum', 'avg', 'min', 'max']), max: z.number() })
const PlacementPolicy = z.enum(['least-loaded', 'round-robin', 'random'])

const spec = {
  displayName: Name.optional(),
  entityType: CatalogName,
  placementPolicy: PlacementPolicy.default('least-loaded'),
  constraints: z.array(CellConstraint).max(100).default([]),
  parentCells: z
    .array(CatalogName)
    .max(100)
    .refine((names) => new Set(names).size === names.length, 'must not name a cell twice')
    .default([]),
  membership: Membership.nullish().transform((membership) => membership ?? undefined),
}
const readOnly = { createdAt: z.unknown().optional(), updatedAt: z.unknown().optional() }

export const Cell = z.object({
  kind: z.literal('Cell'),
  name: z.string(),
  displayName: z.string(),
  entityType: z.string(),
  placementPolicy: PlacementPolicy,
  constraints: z.array(CellConstraint),
  parentCells: z.array(z.string()),
  membership: Membership.optional(),
  createdAt: Time,
  updatedAt: Time,
})
export type Cell = z.infer<typeof Cell>

export const CreateCell = z.strictObject({ kind: z.literal('Cell').default('Cell'), name: CatalogName, ...spec })
export type CreateCell = z.infer<typeof CreateCell>

/** Replaces the cell. `name`, if present, must match the URL. */
export const PutCell = z.strictObject({
  kind: z.literal('Cell').default('Cell'),
  name: CatalogName.optional(),
  ...spec,
  ...readOnly,
})
export type PutCell = z.infer<typeof PutCell>

export const CellQuery = PageQuery.extend({
  q: z.string().max(100).optional().describe('Only cells whose name or display name contains this, ignoring case.'),
})
export type CellQuery = z.infer<typeof CellQuery>

export const CellMembersQuery = PageQuery.extend({
  env: z.string().max(63).default('default').describe('The environment. Default: `default`.'),
})
export type CellMembersQuery = z.infer<typeof CellMembersQuery>

export const ExplicitMember = z.object({ cell: z.string(), entityId: Id, member: z.boolean() })

const ForceQuery = z.strictObject({
  force: Flag.default(false).describe(
    'Do it even if members, tokens or open invitations are limited to the cell or to a cell above it.',
  ),
})

const tag = 'Cells'
const one = '/{o}/{p}/cells/{name}'
const member = '/{o}/{p}/envs/{envName}/cells/{name}/members/{entityId}'

export const cellOperations = {
  list: operation({
    method: 'GET',
    path: '/{o}/{p}/cells',
    tag,
    summary: 'List cells',
    permission: 'catalog:read',
    query: CellQuery,
    returns: Cell.array(),
  }),
  create: operation({
    method: 'POST',
    path: '/{o}/{p}/cells',
    tag,
    summary: 'Create a cell',
    permission: 'catalog:write',
    description:
      '400 `entity_type_not_found`, `invalid_membership`, `invalid_parent`, `cell_cycle`, `cell_too_deep` (more than 32 levels), `too_many_cells` (an entity would be in more than 256); 404 `parent_cell_not_found`.',
    body: CreateCell,
    returns: Cell,
    status: 201,
    location: 'name',
    errors: { 409: '`cell_exists`, `quota_reached`' },
  }),
  get: operation({ method: 'GET', path: one, tag, summary: 'Get a cell', permission: 'catalog:read', returns: Cell }),
  replace: operation({
    method: 'PUT',
    path: one,
    tag,
    summary: 'Replace a cell',
    permission: 'catalog:write',
    description:
      '400 as for creating a cell. If the membership rule or the parents change, members, tokens and open invitations that are limited to the cell, or to a cell above it, would see ' +
      'something else: 409 `cell_in_scope` names them. `?force=true` does it anyway.',
    query: ForceQuery,
    body: PutCell,
    returns: Cell,
    errors: { 409: '`cell_in_use`, `cell_in_scope`', 412: '`precondition_failed`' },
  }),
  delete: operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Delete a cell',
    permission: 'catalog:write',
    description:
      'Its entities stay. 409 `cell_in_use` while it is the parent of another cell. 409 `cell_in_scope` while members, tokens or open invitations are limited to it or to a cell ' +
      'above it, and names them; `?force=true` deletes it anyway.',
    query: ForceQuery,
    returns: DeletedByName,
    errors: { 409: '`cell_in_use`, `cell_in_scope`', 412: '`precondition_failed`' },
  }),
  listMembers: operation({
    method: 'GET',
    path: `${one}/members`,
    tag,
    summary: 'List the entities of a cell',
    permission: 'data:read',
    description: 'Its entities in one environment, explicit and derived, including those of the cells below it.',
    query: CellMembersQuery,
    returns: Entity.array(),
  }),
  addMember: operation({
    method: 'PUT',
    path: member,
    tag,
    summary: 'Add an entity to a cell',
    permission: 'data:write',
    description: '400 `too_many_cells` if the entity would be in more than 256 cells, including their parents.',
    returns: ExplicitMember,
    errors: { 409: '`derived_cell`, `quota_reached`', 412: '`precondition_failed`: of the entity' },
  }),
  removeMember: operation({
    method: 'DELETE',
    path: member,
    tag,
    summary: 'Remove an entity from a cell',
    permission: 'data:write',
    returns: ExplicitMember,
    errors: { 409: '`derived_cell`', 412: '`precondition_failed`: of the entity' },
  }),
}
