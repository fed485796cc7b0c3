import { webhookOperations } from '#contract/webhooks/webhooks'
import { rotateWebhookSecret } from '#domain/webhooks/webhooks'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(webhookOperations.rotateSecret, ({ org, params, body }) => rotateWebhookSecret(org, params.webhookId, body)),
})
