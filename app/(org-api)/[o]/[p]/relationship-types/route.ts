import { relationshipTypeOperations } from '#contract/catalog/relationship-types'
import { createRelationshipType, listRelationshipTypes } from '#domain/catalog/relationship-types'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(relationshipTypeOperations.list, ({ project, query }) => listRelationshipTypes(project, query)),
  POST: endpoint(relationshipTypeOperations.create, ({ project, body }) => createRelationshipType(project, body)),
})
