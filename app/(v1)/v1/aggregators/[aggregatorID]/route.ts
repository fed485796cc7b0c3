import { v1CoreInstanceOperations } from '#contract/v1/core-instances'
import { deleteCoreInstance, getCoreInstance, updateCoreInstance } from '#domain/v1/core-instances'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1Endpoint(v1CoreInstanceOperations.get, ({ project, params }) => getCoreInstance(project, params.aggregatorID)),
  PATCH: v1Endpoint(v1CoreInstanceOperations.update, ({ project, params, body }) =>
    updateCoreInstance(project, params.aggregatorID, body),
  ),
  DELETE: v1Endpoint(v1CoreInstanceOperations.delete, ({ project, params }) => deleteCoreInstance(project, params.aggregatorID)),
})
