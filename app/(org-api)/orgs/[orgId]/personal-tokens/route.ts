import { personalTokenOperations } from '#contract/tokens/tokens'
import { createPersonalToken, listPersonalTokens } from '#domain/tokens/tokens'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(personalTokenOperations.list, ({ org, query }) => listPersonalTokens(org, query)),
  POST: endpoint(personalTokenOperations.create, ({ org, body }) => createPersonalToken(org, body)),
})
