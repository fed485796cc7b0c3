import { z } from 'zod'
import { ChangePassword } from '#contract/accounts/me'

/** Typed twice, since nobody sees it. */
export const NewPassword = ChangePassword.extend({ again: z.string() }).refine(
  ({ newPassword, again }) => newPassword === again,
  {
    path: ['again'],
    message: 'The two passwords are different.',
  },
)
