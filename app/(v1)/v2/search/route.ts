import { v1SearchOperations } from '#contract/v1/search'
import { searchV1 } from '#domain/v1/search'
import { v1List } from '#server/http/v1/listing'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1List(v1SearchOperations.v2, ({ project, query }, { before }) => searchV1(project, query, before)),
})
