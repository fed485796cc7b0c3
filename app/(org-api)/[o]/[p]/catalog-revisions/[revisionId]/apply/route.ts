import { catalogRevisionOperations } from '#contract/apply/catalog-revisions'
import { applyCatalogRevision } from '#domain/apply/catalog-revisions'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(catalogRevisionOperations.apply, ({ project, params, body }) =>
    applyCatalogRevision(project, params.revisionId, body),
  ),
})
