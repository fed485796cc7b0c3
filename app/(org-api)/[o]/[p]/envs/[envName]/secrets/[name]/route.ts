import { secretOperations } from '#contract/catalog/secrets'
import { deleteSecret, getSecret, replaceSecret } from '#domain/catalog/secrets'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(secretOperations.get, ({ project, params }) => getSecret(project, params.envName, params.name)),
  PUT: endpoint(secretOperations.replace, ({ project, params, body }) =>
    replaceSecret(project, params.envName, params.name, body),
  ),
  DELETE: endpoint(secretOperations.delete, ({ project, params }) => deleteSecret(project, params.envName, params.name)),
})
