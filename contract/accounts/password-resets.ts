import { z } from 'zod'
import { Password } from '../common.ts'
import { Email } from '../email.ts'
import { operation } from '../operation.ts'

const tag = 'You'
const byLink = '/password-resets/{token}'
const gone = {
  404: '`reset_link_invalid`: the link is incomplete or mistyped',
  410: '`reset_link_expired`: older than an hour; `reset_link_used`: used already, or the password was changed since',
}

export const passwordResetOperations = {
  request: operation({
    method: 'POST',
    path: '/password-resets',
    tag,
    summary: 'Request a link to reset your password',
    permission: 'public',
    description:
      'Emails a link if an account has this address. The response and its timing don’t reveal whether one has. After several requests, 429 `too_many_attempts`.',
    body: z.strictObject({ email: Email }),
    returns: z.object({ requested: z.literal(true) }),
    status: 202,
  }),
  open: operation({
    method: 'GET',
    path: byLink,
    tag,
    summary: 'Get whose password a link resets',
    permission: 'public',
    returns: z.object({ email: z.string() }),
    errors: gone,
  }),
  reset: operation({
    method: 'POST',
    path: byLink,
    tag,
    summary: 'Set a new password with an emailed link',
    permission: 'public',
    description:
      'A link works once. Ends all sessions; tokens keep working. If the address was not verified before, personal tokens, second factors and linked identities are revoked too. A password that is easy to guess gets 400 `weak_password`.',
    body: z.strictObject({ password: Password }),
    returns: z.object({ email: z.string(), revokedSessions: z.int() }),
    errors: { ...gone, 429: '`too_many_attempts`' },
  }),
}
