import { projectOperations } from '#contract/projects/projects'
import { createSampleProject } from '#demo/sample/sample-project'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(projectOperations.createSample, ({ org }) => createSampleProject(org)),
})
