import { tokenOperations } from '#contract/tokens/tokens'
import { rotateToken } from '#domain/tokens/tokens'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(tokenOperations.rotate, ({ project, params, body }) => rotateToken(project, params.tokenId, body)),
})
