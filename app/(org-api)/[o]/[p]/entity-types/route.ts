import { entityTypeOperations } from '#contract/catalog/entity-types'
import { createEntityType, listEntityTypes } from '#domain/catalog/entity-types'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(entityTypeOperations.list, ({ project, query }) => listEntityTypes(project, query)),
  POST: endpoint(entityTypeOperations.create, ({ project, body }) => createEntityType(project, body)),
})
