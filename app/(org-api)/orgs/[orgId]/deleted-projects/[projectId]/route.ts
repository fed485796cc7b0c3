import { projectOperations } from '#contract/projects/projects'
import { purgeDeletedProject } from '#domain/projects/projects'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  DELETE: endpoint(projectOperations.purge, ({ org, params, body }) => purgeDeletedProject(org, params.projectId, body)),
})
