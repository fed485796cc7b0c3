import { organizationOperations } from '#contract/organizations/organizations'
import { organizationAccess } from '#domain/organizations/organizations'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(organizationOperations.access, ({ org, query }) => organizationAccess(org, query)),
})
