import { projectReviewOperations } from '#contract/review/access-review'
import { exportProjectReview } from '#domain/review/access-review'
import { resource } from '#server/http/resource'
import { reviewCsv } from '#server/http/formats/review-csv'
import { exporting } from '#server/http/stream'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: exporting(projectReviewOperations.export, (project, query) => exportProjectReview(project, query), reviewCsv),
})
