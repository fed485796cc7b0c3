import { organizationOperations } from '#contract/organizations/organizations'
import { listOrganizations } from '#domain/organizations/organizations'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(organizationOperations.list, ({ actor, query }) => listOrganizations(actor, query)),
})
