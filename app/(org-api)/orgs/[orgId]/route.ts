import { organizationOperations } from '#contract/organizations/organizations'
import { getOrganization, updateOrganization } from '#domain/organizations/organizations'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(organizationOperations.get, ({ org }) => getOrganization(org)),
  PATCH: endpoint(organizationOperations.update, ({ org, body }) => updateOrganization(org, body)),
})
