import { webhookOperations } from '#contract/webhooks/webhooks'
import { pingWebhook } from '#domain/webhooks/deliveries'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(webhookOperations.test, ({ org, params }) => pingWebhook(org, params.webhookId)),
})
