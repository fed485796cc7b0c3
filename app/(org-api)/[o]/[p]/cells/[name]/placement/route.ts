import { placementOperations } from '#contract/data/placement'
import { rankPlacement } from '#domain/data/placement'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(placementOperations.rank, ({ project, params, query }) => rankPlacement(project, params.name, query.env)),
})
