import { meOperations } from '#contract/me'
import { changePassword } from '#domain/sign-in'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  PUT: endpoint(meOperations.changePassword, ({ actor, body }) => changePassword(actor, body)),
})
