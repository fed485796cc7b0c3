import { sessionOperations } from '#contract/accounts/sessions'
import { listSessions, revokeOtherSessions } from '#domain/accounts/sessions'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(sessionOperations.list, ({ actor, query }) => listSessions(actor, query)),
  DELETE: endpoint(sessionOperations.revokeOthers, ({ actor }) => revokeOtherSessions(actor)),
})
