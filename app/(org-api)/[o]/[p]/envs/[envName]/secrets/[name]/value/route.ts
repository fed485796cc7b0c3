import { secretOperations } from '#contract/catalog/secrets'
import { deleteSecretValue, setSecretValue } from '#domain/catalog/secrets'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  PUT: endpoint(secretOperations.setValue, ({ project, params, body }) =>
    setSecretValue(project, params.envName, params.name, body),
  ),
  DELETE: endpoint(secretOperations.deleteValue, ({ project, params }) =>
    deleteSecretValue(project, params.envName, params.name),
  ),
})
