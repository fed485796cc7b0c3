import { reviewOperations } from '#contract/review/access-review'
import { exportOrganizationReview } from '#domain/review/access-review'
import { resource } from '#server/http/resource'
import { reviewCsv } from '#server/http/formats/review-csv'
import { exporting } from '#server/http/stream'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: exporting(reviewOperations.export, (org, query) => exportOrganizationReview(org, query), reviewCsv),
})
