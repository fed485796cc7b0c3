import { repoLinkOperations } from '#contract/repo-links'
import { createRepoLink, listRepoLinks } from '#domain/repo-links'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(repoLinkOperations.list, ({ project, query }) => listRepoLinks(project, query)),
  POST: endpoint(repoLinkOperations.create, ({ project, body }) => createRepoLink(project, body)),
})
