import { webhookOperations } from '#contract/webhooks/webhooks'
import { deleteWebhook, getWebhook, updateWebhook } from '#domain/webhooks/webhooks'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(webhookOperations.get, ({ org, params }) => getWebhook(org, params.webhookId)),
  PATCH: endpoint(webhookOperations.update, ({ org, params, body }) => updateWebhook(org, params.webhookId, body)),
  DELETE: endpoint(webhookOperations.delete, ({ org, params }) => deleteWebhook(org, params.webhookId)),
})
