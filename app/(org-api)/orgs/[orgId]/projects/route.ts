import { projectOperations } from '#contract/projects/projects'
import { createProjectLike } from '#domain/apply/clone'
import { listProjects } from '#domain/projects/projects'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(projectOperations.list, ({ org, query }) => listProjects(org, query)),
  POST: endpoint(projectOperations.create, ({ org, body }) => createProjectLike(org, body)),
})
