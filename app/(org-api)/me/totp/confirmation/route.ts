import { factorOperations } from '#contract/accounts/factors'
import { confirmTotp } from '#domain/accounts/authenticator-app'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(factorOperations.confirmTotp, ({ actor, body }) => confirmTotp(actor, body)),
})
