import { entityOperations } from '#contract/data/entities'
import { deleteEntity, getEntity, updateEntity } from '#domain/data/entities'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(entityOperations.get, ({ project, params, query }) => getEntity(project, params.envName, params.name, query)),
  PUT: endpoint(entityOperations.update, ({ project, params, query, body }) =>
    updateEntity(project, params.envName, params.name, query, body),
  ),
  DELETE: endpoint(entityOperations.delete, ({ project, params, query }) =>
    deleteEntity(project, params.envName, params.name, query),
  ),
})
