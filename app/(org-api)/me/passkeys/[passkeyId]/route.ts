import { factorOperations } from '#contract/accounts/factors'
import { removePasskey, renamePasskey } from '#domain/accounts/passkeys'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  PATCH: endpoint(factorOperations.renamePasskey, ({ actor, params, body }) => renamePasskey(actor, params.passkeyId, body)),
  DELETE: endpoint(factorOperations.removePasskey, ({ actor, params }) => removePasskey(actor, params.passkeyId)),
})
