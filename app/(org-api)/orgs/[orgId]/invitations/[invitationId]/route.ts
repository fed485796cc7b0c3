import { invitationOperations } from '#contract/organizations/invitations'
import { revokeInvitation } from '#domain/organizations/organization-invitations'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  DELETE: endpoint(invitationOperations.revoke, ({ org, params }) => revokeInvitation(org, params.invitationId)),
})
