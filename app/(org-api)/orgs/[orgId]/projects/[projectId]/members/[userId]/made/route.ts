import { memberOperations } from '#contract/members/members'
import { getMadeInProject } from '#domain/members/made-by'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(memberOperations.made, ({ project, params }) => getMadeInProject(project, params.userId)),
})
