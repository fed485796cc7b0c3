import { tokenOperations } from '#contract/tokens/tokens'
import { createToken, listTokens } from '#domain/tokens/tokens'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(tokenOperations.list, ({ project, query }) => listTokens(project, query)),
  POST: endpoint(tokenOperations.create, ({ project, body }) => createToken(project, body)),
})
