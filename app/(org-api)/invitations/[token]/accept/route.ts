import { invitationOperations } from '#contract/invitations'
import { joinByLink } from '#domain/joining'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(invitationOperations.accept, (guest) => joinByLink(guest, guest.params.token, guest.body)),
})
