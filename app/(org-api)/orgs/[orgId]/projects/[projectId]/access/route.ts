import { accessOperations } from '#contract/access'
import { getAccess } from '#domain/access'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(accessOperations.get, ({ project, query }) => getAccess(project, query)),
})
