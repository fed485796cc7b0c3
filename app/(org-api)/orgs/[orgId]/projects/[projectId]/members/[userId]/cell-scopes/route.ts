import { memberOperations } from '#contract/members/members'
import { setCellScopes } from '#domain/members/members'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  PUT: endpoint(memberOperations.setCellScopes, ({ project, params, body }) => setCellScopes(project, params.userId, body)),
})
