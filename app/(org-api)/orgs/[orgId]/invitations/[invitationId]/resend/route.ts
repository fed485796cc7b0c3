import { invitationOperations } from '#contract/organizations/invitations'
import { resendInvitation } from '#domain/organizations/organization-invitations'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(invitationOperations.resend, ({ org, params }) => resendInvitation(org, params.invitationId)),
})
