import { relationshipOperations } from '#contract/data/relationships'
import { deleteRelationship, getRelationship, updateRelationship } from '#domain/data/relationships'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(relationshipOperations.get, ({ project, params }) =>
    getRelationship(project, params.envName, params.relationshipId),
  ),
  PUT: endpoint(relationshipOperations.update, ({ project, params, body }) =>
    updateRelationship(project, params.envName, params.relationshipId, body),
  ),
  DELETE: endpoint(relationshipOperations.delete, ({ project, params }) =>
    deleteRelationship(project, params.envName, params.relationshipId),
  ),
})
