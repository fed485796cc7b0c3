import { repoLinkOperations } from '#contract/projects/repo-links'
import { createRepoLink, listRepoLinks } from '#domain/projects/repo-links'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(repoLinkOperations.list, ({ project, query }) => listRepoLinks(project, query)),
  POST: endpoint(repoLinkOperations.create, ({ project, body }) => createRepoLink(project, body)),
})
