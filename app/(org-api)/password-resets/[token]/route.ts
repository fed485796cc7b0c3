import { passwordResetOperations } from '#contract/accounts/password-resets'
import { openPasswordReset, resetPassword } from '#domain/accounts/password-resets'
import { endpoint } from '#server/http/endpoint'
import { resource } from '#server/http/resource'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = resource({
  GET: endpoint(passwordResetOperations.open, (guest) => openPasswordReset(guest, guest.params.token)),
  POST: endpoint(passwordResetOperations.reset, (guest) => resetPassword(guest, guest.params.token, guest.body)),
})
