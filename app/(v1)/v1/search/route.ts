import { v1SearchOperations } from '#contract/v1/search'
import { searchV1 } from '#domain/v1/search'
import { v1List } from '#server/http/v1/listing'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1List(v1SearchOperations.v1, async ({ project, query }, { before }) => {
    const { items, next } = await searchV1(project, query, before)
    return { items: items.map(({ id, name }) => ({ id, name, ID: id, Name: name })), next }
  }),
})
