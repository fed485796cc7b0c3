import { peopleReviewOperations } from '#contract/review/people-review'
import { reviewPeople } from '#domain/review/people-review'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(peopleReviewOperations.list, ({ org, query }) => reviewPeople(org, query)),
})
