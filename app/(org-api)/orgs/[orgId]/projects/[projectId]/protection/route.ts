import { projectOperations } from '#contract/projects/projects'
import { getProtection, setProtection } from '#domain/projects/projects'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(projectOperations.protection, ({ project }) => getProtection(project)),
  PUT: endpoint(projectOperations.protect, ({ project, body }) => setProtection(project, body)),
})
