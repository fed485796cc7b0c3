import { webhookOperations } from '#contract/webhooks/webhooks'
import { listDeliveries } from '#domain/webhooks/deliveries'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(webhookOperations.listDeliveries, ({ org, params, query }) => listDeliveries(org, params.webhookId, query)),
})
