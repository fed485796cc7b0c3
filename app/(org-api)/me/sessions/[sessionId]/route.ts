import { sessionOperations } from '#contract/accounts/sessions'
import { revokeSession } from '#domain/accounts/sessions'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  DELETE: endpoint(sessionOperations.revoke, ({ actor, params }) => revokeSession(actor, params.sessionId)),
})
