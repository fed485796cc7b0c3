import { v1MemberOperations } from '#contract/v1/members'
import { listV1Members } from '#domain/v1/members'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  GET: v1Endpoint(v1MemberOperations.list, ({ project, query }) => listV1Members(project, query)),
})
