import { organizationOperations } from '#contract/organizations/organizations'
import { getOrganizationMember, removeOrganizationMember, setOrganizationRole } from '#domain/organizations/members'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(organizationOperations.getMember, ({ org, params }) => getOrganizationMember(org, params.userId)),
  PATCH: endpoint(organizationOperations.setRole, ({ org, params, body }) => setOrganizationRole(org, params.userId, body)),
  DELETE: endpoint(organizationOperations.removeMember, ({ org, params, query, body }) =>
    removeOrganizationMember(org, params.userId, query.revoke, body?.reason),
  ),
})
