import { personalTokenOperations } from '#contract/tokens/tokens'
import { revokePersonalToken } from '#domain/tokens/tokens'
import { updatePersonalToken } from '#domain/tokens/changes'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  PATCH: endpoint(personalTokenOperations.update, ({ org, params, body }) => updatePersonalToken(org, params.tokenId, body)),
  DELETE: endpoint(personalTokenOperations.revoke, ({ org, params }) => revokePersonalToken(org, params.tokenId)),
})
