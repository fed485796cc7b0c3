import { tokenOperations } from '#contract/tokens/tokens'
import { revokeToken } from '#domain/tokens/tokens'
import { updateToken } from '#domain/tokens/changes'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  PATCH: endpoint(tokenOperations.update, ({ project, params, body }) => updateToken(project, params.tokenId, body)),
  DELETE: endpoint(tokenOperations.revoke, ({ project, params }) => revokeToken(project, params.tokenId)),
})
