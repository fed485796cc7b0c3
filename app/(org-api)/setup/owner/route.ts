import { meOperations } from '#contract/accounts/me'
import { setUp } from '#domain/organizations/set-up'
import { addressOf } from '#server/http/address'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(meOperations.setUp, ({ db, body, request }) => setUp(db, body, addressOf(request))),
})
