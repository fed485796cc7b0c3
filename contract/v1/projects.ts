import { z } from 'zod'
import { Id, Name, Reason, Time } from '../common.ts'
import { Deleted, Membership, NamedQuery, invalidPage, optional } from './common.ts'
import { v1Operation } from './operation.ts'

/** Exactly the seed's fields. `membership` is the caller's own, and absent for a token. */
export const V1Project = z.object({
  id: Id,
  name: z.string(),
  membersCount: z.int().min(0),
  agentsCount: z.int().min(0),
  aggregatorsCount: z.int().min(0),
  createdAt: Time,
  membership: Membership.optional(),
})
export type V1Project = z.infer<typeof V1Project>

export const V1CreatedProject = z.object({ id: Id, token: z.string(), createdAt: Time, membership: Membership })
export type V1CreatedProject = z.infer<typeof V1CreatedProject>

export const V1CreateProject = z.object({ name: Name })
export type V1CreateProject = z.infer<typeof V1CreateProject>

export const V1UpdateProject = z.object({ name: optional(Name) })
export type V1UpdateProject = z.infer<typeof V1UpdateProject>

export const V1DeleteProject = z.object({ reason: optional(Reason) })

const tag = 'Projects (v1)'
const one = '/v1/projects/{projectID}'
const invalid = { name: 'invalid project name' }

export const v1ProjectOperations = {
  list: v1Operation({
    method: 'GET',
    path: '/v1/projects',
    tag,
    summary: 'List the projects that you are a member of',
    credential: 'user',
    permission: 'authenticated',
    query: NamedQuery,
    invalid: invalidPage,
    returns: V1Project.array(),
  }),
  create: v1Operation({
    method: 'POST',
    path: '/v1/projects',
    tag,
    summary: 'Create a project',
    description: 'Creates the environment `default` and the token `default` too. The caller becomes the creator of the project.',
    credential: 'user',
    permission: 'authenticated',
    body: V1CreateProject,
    invalid,
    returns: V1CreatedProject,
    status: 201,
  }),
  get: v1Operation({
    method: 'GET',
    path: one,
    tag,
    summary: 'Get a project',
    credential: 'either',
    permission: 'project:read',
    returns: V1Project,
  }),
  update: v1Operation({
    method: 'PATCH',
    path: one,
    tag,
    summary: 'Update a project',
    credential: 'either',
    permission: 'project:update',
    body: V1UpdateProject,
    invalid,
  }),
  delete: v1Operation({
    method: 'DELETE',
    path: one,
    tag,
    summary: 'Delete a project',
    description: 'Only its creator can delete it.',
    credential: 'user',
    permission: 'project:delete',
    body: V1DeleteProject,
    bodyOptional: true,
    invalid: { reason: 'invalid reason' },
    returns: Deleted,
    errors: { 409: 'The project is protected from deletion' },
  }),
}
