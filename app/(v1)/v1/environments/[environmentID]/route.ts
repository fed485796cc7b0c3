import { v1EnvironmentOperations } from '#contract/v1/environments'
import { deleteV1Environment, updateV1Environment } from '#domain/v1/environments'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  PATCH: v1Endpoint(v1EnvironmentOperations.update, ({ project, params, body }) =>
    updateV1Environment(project, params.environmentID, body),
  ),
  DELETE: v1Endpoint(v1EnvironmentOperations.delete, ({ project, params }) => deleteV1Environment(project, params.environmentID)),
})
