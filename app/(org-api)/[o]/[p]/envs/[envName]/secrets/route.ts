import { secretOperations } from '#contract/catalog/secrets'
import { createSecret, listSecrets } from '#domain/catalog/secrets'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(secretOperations.list, ({ project, params, query }) => listSecrets(project, params.envName, query)),
  POST: endpoint(secretOperations.create, ({ project, params, body }) => createSecret(project, params.envName, body)),
})
