import { v1CoreInstanceOperations } from '#contract/v1/core-instances'
import { pingCoreInstance } from '#domain/v1/core-instances'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  POST: v1Endpoint(v1CoreInstanceOperations.ping, ({ project, params }) => pingCoreInstance(project, params.aggregatorID)),
})
