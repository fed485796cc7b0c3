import { meOperations } from '#contract/accounts/me'
import { getMe } from '#domain/accounts/sessions'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(meOperations.get, ({ actor }) => getMe(actor)),
})
