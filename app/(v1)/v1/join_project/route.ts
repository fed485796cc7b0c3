import { v1InvitationOperations } from '#contract/v1/invitations'
import { acceptInvitation } from '#domain/organizations/joining'
import { v1Endpoint } from '#server/http/v1/endpoint'
import { v1Resource } from '#server/http/v1/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = v1Resource({
  POST: v1Endpoint(v1InvitationOperations.join, ({ actor, body }) => acceptInvitation(actor, body.token)),
})
