import { oidcOperations } from '#contract/accounts/oidc'
import { getSignInMethods } from '#domain/accounts/identities'
import { endpoint } from '#server/http/endpoint'
import { provider } from '#server/http/oidc/provider'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(oidcOperations.methods, ({ actor }) => getSignInMethods(actor, provider())),
})
