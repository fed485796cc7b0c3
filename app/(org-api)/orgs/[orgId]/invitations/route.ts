import { invitationOperations } from '#contract/organizations/invitations'
import { invitePeople, listInvitations } from '#domain/organizations/organization-invitations'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(invitationOperations.list, ({ org, query }) => listInvitations(org, query)),
  POST: endpoint(invitationOperations.create, ({ org, body }) => invitePeople(org, body)),
})
