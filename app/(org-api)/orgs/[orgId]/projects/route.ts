import { projectOperations } from '#contract/projects/projects'
import { createProject, listProjects } from '#domain/projects/projects'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(projectOperations.list, ({ org, query }) => listProjects(org, query)),
  POST: endpoint(projectOperations.create, ({ org, body }) => createProject(org, body)),
})
