import { relationshipOperations } from '#contract/data/relationships'
import { setRelationshipState } from '#domain/data/relationships'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  PUT: endpoint(relationshipOperations.setState, ({ project, params, body }) =>
    setRelationshipState(project, params.envName, params.relationshipId, body),
  ),
})
