import { v1MemberOperations } from '#contract/v1/members'
import { listV1Members } from '#domain/v1/members'
import { v1List } from '#server/http/v1/listing'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1List(v1MemberOperations.list, ({ project, query }, reach) => listV1Members(project, { ...query, ...reach })),
})
