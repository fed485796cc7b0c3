import { repoLinkOperations } from '#contract/projects/repo-links'
import { deleteRepoLink } from '#domain/projects/repo-links'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  DELETE: endpoint(repoLinkOperations.delete, ({ project, params }) => deleteRepoLink(project, params.linkId)),
})
