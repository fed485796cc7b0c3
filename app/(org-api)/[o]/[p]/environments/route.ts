import { environmentOperations } from '#contract/projects/environments'
import { createEnvironment, listEnvironments } from '#domain/projects/environments'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(environmentOperations.list, ({ project, query }) => listEnvironments(project, query)),
  POST: endpoint(environmentOperations.create, ({ project, body }) => createEnvironment(project, body)),
})
