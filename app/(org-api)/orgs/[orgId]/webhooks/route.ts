import { webhookOperations } from '#contract/webhooks/webhooks'
import { createWebhook, listWebhooks } from '#domain/webhooks/webhooks'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(webhookOperations.list, ({ org, query }) => listWebhooks(org, query)),
  POST: endpoint(webhookOperations.create, ({ org, body }) => createWebhook(org, body)),
})
