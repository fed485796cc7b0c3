import { memberOperations } from '#contract/members/members'
import { addMember, listMembers } from '#domain/members/members'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(memberOperations.list, ({ project, query }) => listMembers(project, query)),
  POST: endpoint(memberOperations.add, ({ project, body }) => addMember(project, body)),
})
