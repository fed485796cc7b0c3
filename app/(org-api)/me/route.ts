import { meOperations } from '#contract/me'
import { getMe } from '#domain/sessions'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(meOperations.get, ({ actor }) => getMe(actor)),
})
