import { catalogRevisionOperations } from '#contract/apply/catalog-revisions'
import { compareCatalogRevisions } from '#domain/apply/catalog-revisions'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(catalogRevisionOperations.compare, ({ project, params, query }) =>
    compareCatalogRevisions(project, params.revisionId, query.with),
  ),
})
