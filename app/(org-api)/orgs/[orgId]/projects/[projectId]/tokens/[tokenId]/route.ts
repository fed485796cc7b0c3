import { orgTokenOperations } from '#contract/tokens'
import { revokeToken } from '#domain/tokens'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  DELETE: endpoint(orgTokenOperations.revoke, ({ project, params }) => revokeToken(project, params.tokenId)),
})
