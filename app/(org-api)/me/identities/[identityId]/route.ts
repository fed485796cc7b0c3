import { oidcOperations } from '#contract/accounts/oidc'
import { unlinkIdentity } from '#domain/accounts/identities'
import { endpoint } from '#server/http/endpoint'
import { provider } from '#server/http/oidc/provider'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  DELETE: endpoint(oidcOperations.unlink, ({ actor, params }) => unlinkIdentity(actor, provider(), params.identityId)),
})
