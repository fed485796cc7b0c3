import { v1CoreInstanceOperations } from '#contract/v1/core-instances'
import { countCoreInstances, listCoreInstances } from '#domain/v1/core-instances'
import { v1List } from '#server/http/v1/listing'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1List(
    v1CoreInstanceOperations.page,
    ({ project, query }, reach) => listCoreInstances(project, { ...query, ...reach }),
    ({ project, query }) => countCoreInstances(project, query),
  ),
})
