import { v1CoreInstanceOperations } from '#contract/v1/core-instances'
import { createCoreInstance } from '#domain/v1/core-instances'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  POST: v1Endpoint(v1CoreInstanceOperations.create, ({ project, body }) => createCoreInstance(project, body)),
})
