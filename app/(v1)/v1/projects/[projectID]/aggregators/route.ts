import { v1CoreInstanceOperations } from '#contract/v1/core-instances'
import { deleteCoreInstances, listCoreInstances } from '#domain/v1/core-instances'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1List } from '#server/http/v1/listing'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1List(v1CoreInstanceOperations.list, ({ project, query }, reach) => listCoreInstances(project, { ...query, ...reach })),
  DELETE: v1Endpoint(v1CoreInstanceOperations.deleteMany, ({ project, query }) =>
    deleteCoreInstances(project, query.aggregator_id),
  ),
})
