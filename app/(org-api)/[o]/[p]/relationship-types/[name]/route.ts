import { relationshipTypeOperations } from '#contract/catalog/relationship-types'
import { deleteRelationshipType, getRelationshipType, replaceRelationshipType } from '#domain/catalog/relationship-types'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(relationshipTypeOperations.get, ({ project, params }) => getRelationshipType(project, params.name)),
  PUT: endpoint(relationshipTypeOperations.replace, ({ project, params, body }) =>
    replaceRelationshipType(project, params.name, body),
  ),
  DELETE: endpoint(relationshipTypeOperations.delete, ({ project, params }) => deleteRelationshipType(project, params.name)),
})
