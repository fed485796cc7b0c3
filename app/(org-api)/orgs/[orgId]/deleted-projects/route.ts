import { projectOperations } from '#contract/projects/projects'
import { listDeletedProjects } from '#domain/projects/projects'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(projectOperations.listDeleted, ({ org, query }) => listDeletedProjects(org, query)),
})
