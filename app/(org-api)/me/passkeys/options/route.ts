import { factorOperations } from '#contract/factors'
import { startPasskey } from '#domain/passkeys'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(factorOperations.startPasskey, ({ actor }) => startPasskey(actor)),
})
