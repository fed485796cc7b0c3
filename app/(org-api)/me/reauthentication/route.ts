import { meOperations } from '#contract/accounts/me'
import { reauthenticate } from '#domain/accounts/sign-in'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(meOperations.reauthenticate, ({ actor, body }) => reauthenticate(actor, body)),
})
