import { organizationOperations } from '#contract/organizations/organizations'
import { listOrganizationMembers } from '#domain/organizations/members'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(organizationOperations.listMembers, ({ org, query }) => listOrganizationMembers(org, query)),
})
