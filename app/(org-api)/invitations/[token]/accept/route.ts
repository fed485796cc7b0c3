import { invitationOperations } from '#contract/organizations/invitations'
import { endpoint } from '#server/http/endpoint'
import { joinInBrowser } from '#server/http/session/joining'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(invitationOperations.accept, joinInBrowser),
})
