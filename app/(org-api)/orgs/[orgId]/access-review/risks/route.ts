import { peopleReviewOperations } from '#contract/review/people-review'
import { countRisks } from '#domain/review/people-review'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(peopleReviewOperations.counts, ({ org, query }) => countRisks(org, query)),
})
