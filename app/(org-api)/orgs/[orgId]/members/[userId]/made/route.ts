import { organizationOperations } from '#contract/organizations/organizations'
import { getMadeInOrganization } from '#domain/members/made-by'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(organizationOperations.madeByMember, ({ org, params }) => getMadeInOrganization(org, params.userId)),
})
