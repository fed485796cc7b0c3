import { environmentOperations } from '#contract/environments'
import { deleteEnvironment } from '#domain/environments'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  DELETE: endpoint(environmentOperations.delete, ({ project, params }) => deleteEnvironment(project, params.envName)),
})
