import { entityOperations } from '#contract/data/entities'
import { createEntity, listEntities } from '#domain/data/entities'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(entityOperations.list, ({ project, params, query }) => listEntities(project, params.envName, query)),
  POST: endpoint(entityOperations.create, ({ project, params, body }) => createEntity(project, params.envName, body)),
})
