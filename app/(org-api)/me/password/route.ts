import { meOperations } from '#contract/accounts/me'
import { changePassword } from '#domain/accounts/sign-in'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  PUT: endpoint(meOperations.changePassword, ({ actor, body }) => changePassword(actor, body)),
})
