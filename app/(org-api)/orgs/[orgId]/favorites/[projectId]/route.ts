import { summaryOperations } from '#contract/projects/summaries'
import { forgetFavorite, keepFavorite } from '#domain/projects/favorites'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  PUT: endpoint(summaryOperations.keep, ({ org, params }) => keepFavorite(org, params.projectId)),
  DELETE: endpoint(summaryOperations.forget, ({ org, params }) => forgetFavorite(org, params.projectId)),
})
