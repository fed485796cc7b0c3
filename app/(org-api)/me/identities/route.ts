import { oidcOperations } from '#contract/accounts/oidc'
import { endpoint } from '#server/http/endpoint'
import { startLinking } from '#server/http/oidc/sign-in'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(oidcOperations.link, startLinking),
})
