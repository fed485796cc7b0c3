import { invitationOperations } from '#contract/organizations/invitations'
import { openInvitation } from '#domain/organizations/joining'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(invitationOperations.open, (guest) => openInvitation(guest, guest.params.token)),
})
