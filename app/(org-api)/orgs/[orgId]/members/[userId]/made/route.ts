import { organizationOperations } from '#contract/organizations'
import { getMadeInOrganization } from '#domain/made-by'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(organizationOperations.madeByMember, ({ org, params }) => getMadeInOrganization(org, params.userId)),
})
