import { v1MemberOperations } from '#contract/v1/members'
import { deleteV1Member, updateV1Member } from '#domain/v1/members'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  PATCH: v1Endpoint(v1MemberOperations.update, ({ project, params, body }) => updateV1Member(project, params.memberID, body)),
  DELETE: v1Endpoint(v1MemberOperations.delete, ({ project, params, query }) =>
    deleteV1Member(project, params.memberID, query.revoke),
  ),
})
