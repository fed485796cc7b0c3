import { tokenOperations } from '#contract/tokens'
import { revokeToken } from '#domain/tokens'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  DELETE: endpoint(tokenOperations.revoke, ({ project, params }) => revokeToken(project, params.tokenId)),
})
