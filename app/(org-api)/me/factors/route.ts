import { factorOperations } from '#contract/accounts/factors'
import { getFactors } from '#domain/accounts/factors'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(factorOperations.get, ({ actor }) => getFactors(actor)),
})
