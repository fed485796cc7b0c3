import { entityTypeOperations } from '#contract/catalog/entity-types'
import { deleteEntityType, getEntityType, replaceEntityType } from '#domain/catalog/entity-types'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(entityTypeOperations.get, ({ project, params }) => getEntityType(project, params.name)),
  PUT: endpoint(entityTypeOperations.replace, ({ project, params, body }) => replaceEntityType(project, params.name, body)),
  DELETE: endpoint(entityTypeOperations.delete, ({ project, params }) => deleteEntityType(project, params.name)),
})
