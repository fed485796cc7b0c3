import { relationshipOperations } from '#contract/data/relationships'
import { createRelationship, listRelationships } from '#domain/data/relationships'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(relationshipOperations.list, ({ project, params, query }) => listRelationships(project, params.envName, query)),
  POST: endpoint(relationshipOperations.create, ({ project, params, body }) => createRelationship(project, params.envName, body)),
})
