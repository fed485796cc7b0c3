import { oidcOperations } from '#contract/accounts/oidc'
import { endpoint } from '#server/http/endpoint'
import { finishOidc } from '#server/http/oidc/sign-in'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(oidcOperations.callback, finishOidc),
})
