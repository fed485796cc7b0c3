import { passwordResetOperations } from '#contract/accounts/password-resets'
import { requestPasswordReset } from '#domain/accounts/password-resets'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  POST: endpoint(passwordResetOperations.request, (guest) => requestPasswordReset(guest, guest.body)),
})
