import { projectReviewOperations } from '#contract/review/access-review'
import { reviewProject } from '#domain/review/access-review'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(projectReviewOperations.list, ({ project, query }) => reviewProject(project, query)),
})
