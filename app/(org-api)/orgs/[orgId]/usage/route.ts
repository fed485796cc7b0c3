import { usageOperations } from '#contract/limits/usage'
import { getUsage } from '#domain/limits/quotas'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(usageOperations.get, ({ org }) => getUsage(org)),
})
