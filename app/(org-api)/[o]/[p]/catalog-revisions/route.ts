import { catalogRevisionOperations } from '#contract/apply/catalog-revisions'
import { listCatalogRevisions } from '#domain/apply/catalog-revisions'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(catalogRevisionOperations.list, ({ project, query }) => listCatalogRevisions(project, query)),
})
