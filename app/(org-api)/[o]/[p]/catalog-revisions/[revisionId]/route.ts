import { catalogRevisionOperations } from '#contract/apply/catalog-revisions'
import { getCatalogRevision } from '#domain/apply/catalog-revisions'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(catalogRevisionOperations.get, ({ project, params }) => getCatalogRevision(project, params.revisionId)),
})
