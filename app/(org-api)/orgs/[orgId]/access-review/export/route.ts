import { reviewOperations } from '#contract/access-review'
import { exportOrganizationReview } from '#domain/access-review'
import { resource } from '#server/http/resource'
import { reviewCsv } from '#server/http/review-csv'
import { exporting } from '#server/http/stream'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: exporting(reviewOperations.export, (org, query) => exportOrganizationReview(org, query), reviewCsv),
})
