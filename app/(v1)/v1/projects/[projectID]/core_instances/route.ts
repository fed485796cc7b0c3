import { v1CoreInstanceOperations } from '#contract/v1/core-instances'
import { countedCoreInstances } from '#domain/v1/core-instances'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1Endpoint(v1CoreInstanceOperations.page, ({ project, query }) => countedCoreInstances(project, query)),
})
