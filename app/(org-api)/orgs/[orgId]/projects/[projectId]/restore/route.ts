import { projectOperations } from '#contract/projects/projects'
import { restoreProject } from '#domain/projects/projects'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(projectOperations.restore, ({ org, params, body }) => restoreProject(org, params.projectId, body)),
})
