import { memberOperations } from '#contract/members/members'
import { getMember, removeMember, updateMember } from '#domain/members/members'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(memberOperations.get, ({ project, params }) => getMember(project, params.userId)),
  PATCH: endpoint(memberOperations.update, ({ project, params, body }) => updateMember(project, params.userId, body)),
  DELETE: endpoint(memberOperations.remove, ({ project, params, query }) => removeMember(project, params.userId, query.revoke)),
})
