import { factorOperations } from '#contract/accounts/factors'
import { startPasskey } from '#domain/accounts/passkeys'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(factorOperations.startPasskey, ({ actor }) => startPasskey(actor)),
})
