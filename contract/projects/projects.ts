import { z } from 'zod'
import { Confirm, Id, Metadata, Name, PageQuery, Slug, Time, WithReason } from '../common.ts'
import { operation } from '../operation.ts'
import { projectSorts } from '../words.ts'

/** Exactly the seed's fields. `metadata` is an object or null. */
export const Project = z.object({
  id: Id,
  orgId: Id,
  name: z.string(),
  slug: z.string(),
  metadata: z.record(z.string(), z.json()).nullable(),
  createdAt: Time,
  updatedAt: Time,
})
export type Project = z.infer<typeof Project>

export const ProjectQuery = PageQuery.extend({
  q: z.string().max(100).optional().describe('Only projects whose name or slug contains this, ignoring case.'),
  sort: z.enum(projectSorts).default('createdAt').describe('`-` for descending.'),
})
export type ProjectQuery = z.infer<typeof ProjectQuery>

/** Read-only fields are ignored, so that a resource can be read, edited and sent back. */
const readOnly = {
  id: z.unknown().optional(),
  orgId: z.unknown().optional(),
  createdAt: z.unknown().optional(),
  updatedAt: z.unknown().optional(),
}

export const CreateProject = z.strictObject({
  name: Name,
  slug: Slug,
  cloneOf: z
    .string()
    .max(100)
    .optional()
    .describe(
      'The id or slug of another project of the organization whose structure the new one begins with: its environments, entity types, cells, relationship types and secrets without values. No data, members or tokens.',
    ),
})
export type CreateProject = z.infer<typeof CreateProject>

export const UpdateProject = z
  .strictObject({ name: Name.optional(), metadata: Metadata.optional(), ...readOnly, slug: z.unknown().optional() })
  .transform(({ name, metadata }) => ({ name, metadata }))
export type UpdateProject = z.infer<typeof UpdateProject>

export const DeletedProject = z.object({ id: Id, deleted: z.literal(true), deletedAt: Time, restoreBefore: Time })
export const DeletedProjectListItem = z.object({
  id: Id,
  name: z.string(),
  slug: z.string(),
  deletedAt: Time,
  restoreBefore: Time,
  reason: z.string().nullable().describe('The reason that was given for the deletion.'),
})
export const PurgedProject = z.object({ id: Id, purged: z.literal(true) })

export const Protection = z.object({ protected: z.boolean(), reason: z.string().nullable() })
export const SetProtection = z.strictObject({ protected: z.boolean(), reason: Name.nullish() })
export type SetProtection = z.infer<typeof SetProtection>

const tag = 'Projects'
const one = '/orgs/{orgId}/projects/{projectId}'

export const projectOperations = {
  list: operation({
    method: 'GET',
    path: '/orgs/{orgId}/projects',
    tag,
    summary: 'List the projects of an organization',
    permission: 'projects:list',
    description:
      'Owners and admins of the organization see all projects, other people the projects they are members of, and a project token its own project.',
    query: ProjectQuery,
    returns: Project.array(),
  }),
  create: operation({
    method: 'POST',
    path: '/orgs/{orgId}/projects',
    tag,
    summary: 'Create a project',
    permission: 'projects:create',
    description:
      'Needs a person who is an owner or admin of the organization. Creates the environment `default`, and makes the caller an owner of the project. With `cloneOf` it begins with the structure of another project; all or nothing.',
    body: CreateProject,
    returns: Project,
    status: 201,
    location: 'id',
    errors: { 404: '`project_not_found`: of `cloneOf`', 409: '`slug_taken`, `quota_reached`' },
  }),
  createSample: operation({
    method: 'POST',
    path: '/orgs/{orgId}/sample-project',
    tag,
    summary: 'Create a sample project',
    permission: 'projects:create',
    description:
      'Creates a project with environments, a catalog, entities and relationships, under the slug `sample` or the next free one. All or nothing.',
    returns: Project,
    status: 201,
    errors: { 409: '`quota_reached`' },
  }),
  get: operation({ method: 'GET', path: one, tag, summary: 'Get a project', permission: 'project:read', returns: Project }),
  update: operation({
    method: 'PUT',
    path: one,
    tag,
    summary: 'Update a project',
    permission: 'project:update',
    description: 'Changes only the given fields. `metadata` is replaced as a whole; `null` clears it.',
    body: UpdateProject,
    returns: Project,
    errors: { 412: '`precondition_failed`' },
  }),
  delete: operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Delete a project',
    permission: 'project:delete',
    freshSignIn: 'always',
    description: 'The project disappears immediately for everybody. It can be restored until `restoreBefore`.',
    body: WithReason,
    bodyOptional: true,
    returns: DeletedProject,
    errors: { 409: '`deletion_protected`', 412: '`precondition_failed`' },
  }),
  listDeleted: operation({
    method: 'GET',
    path: '/orgs/{orgId}/deleted-projects',
    tag,
    summary: 'List deleted projects that can be restored',
    permission: 'projects:restore',
    query: PageQuery,
    returns: DeletedProjectListItem.array(),
  }),
  restore: operation({
    method: 'POST',
    path: `${one}/restore`,
    tag,
    summary: 'Restore a deleted project',
    permission: 'projects:restore',
    description: 'Takes the id of the project, and works until `restoreBefore`.',
    body: WithReason,
    bodyOptional: true,
    returns: Project,
    errors: { 409: '`not_restorable`', 410: '`purged`' },
  }),
  purge: operation({
    method: 'DELETE',
    path: '/orgs/{orgId}/deleted-projects/{projectId}',
    tag,
    summary: 'Purge a deleted project',
    permission: 'projects:purge',
    freshSignIn: 'always',
    description:
      'Permanently deletes a deleted project now, instead of at its `restoreBefore`, and frees its slug at once. Takes the id of the project. Needs an owner of the ' +
      'organization in a browser session, and the slug of the project in the body. Its data is deleted in the background; its audit events stay.',
    body: Confirm,
    bodyOptional: true,
    returns: PurgedProject,
    errors: {
      403: 'The caller may not do this; `confirmation_required`',
      409: '`deletion_protected`, `not_purgeable`',
      410: '`purged`',
    },
  }),
  protection: operation({
    method: 'GET',
    path: `${one}/protection`,
    tag,
    summary: 'Get whether a project is protected',
    permission: 'project:read',
    returns: Protection,
  }),
  protect: operation({
    method: 'PUT',
    path: `${one}/protection`,
    tag,
    summary: 'Protect a project from nuke and deletion',
    permission: 'project:protect',
    body: SetProtection,
    returns: Protection,
  }),
}
