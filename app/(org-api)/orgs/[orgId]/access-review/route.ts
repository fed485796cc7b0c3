import { reviewOperations } from '#contract/review/access-review'
import { reviewOrganization } from '#domain/review/access-review'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(reviewOperations.list, ({ org, query }) => reviewOrganization(org, query)),
})
