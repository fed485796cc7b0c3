import { personalTokenOperations } from '#contract/tokens'
import { revokePersonalToken } from '#domain/tokens'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  DELETE: endpoint(personalTokenOperations.revoke, ({ org, params }) => revokePersonalToken(org, params.tokenId)),
})
