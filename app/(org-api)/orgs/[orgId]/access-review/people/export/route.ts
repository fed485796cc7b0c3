import { peopleReviewOperations } from '#contract/review/people-review'
import { exportPeopleReview } from '#domain/review/people-review'
import { resource } from '#server/http/resource'
import { peopleReviewCsv } from '#server/http/formats/review-csv'
import { exporting } from '#server/http/stream'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: exporting(peopleReviewOperations.export, (org, query) => exportPeopleReview(org, query), peopleReviewCsv),
})
