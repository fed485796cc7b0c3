import { peopleReviewOperations } from '#contract/review/people-review'
import { markReviewed } from '#domain/review/people-review'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  PUT: endpoint(peopleReviewOperations.mark, ({ org, params, body }) => markReviewed(org, params.userId, body)),
})
