import { webhookOperations } from '#contract/webhooks/webhooks'
import { redeliver } from '#domain/webhooks/deliveries'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(webhookOperations.redeliver, ({ org, params }) => redeliver(org, params.webhookId, params.deliveryId)),
})
