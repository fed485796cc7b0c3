import { environmentOperations } from '#contract/projects/environments'
import { deleteEnvironment } from '#domain/projects/environments'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  DELETE: endpoint(environmentOperations.delete, ({ project, params }) => deleteEnvironment(project, params.envName)),
})
