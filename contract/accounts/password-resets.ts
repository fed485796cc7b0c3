import { z } from 'zod'
import { Email, Password } from '../common.ts'
import { operation } from '../operation.ts'

const tag = 'You'
const byLink = '/password-resets/{token}'
const gone = {
  404: '`reset_link_invalid`: not one of ours',
  410: '`reset_link_expired`, after an hour; `reset_link_used`, or the password has changed since',
}

export const passwordResetOperations = {
  request: operation({
    method: 'POST',
    path: '/password-resets',
    tag,
    summary: 'Ask for a link to set a new password',
    permission: 'public',
    description:
      'Answers the same, in the same time, whether anybody has this address; if somebody has, the link is mailed to it. After several requests, 429 `too_many_attempts`.',
    body: z.strictObject({ email: Email }),
    returns: z.object({ requested: z.literal(true) }),
    status: 202,
  }),
  open: operation({
    method: 'GET',
    path: byLink,
    tag,
    summary: 'Whose password a link is for',
    permission: 'public',
    returns: z.object({ email: z.string() }),
    errors: gone,
  }),
  reset: operation({
    method: 'POST',
    path: byLink,
    tag,
    summary: 'Set a new password with a mailed link',
    permission: 'public',
    description:
      'Once. Ends all sessions; tokens keep working, unless nobody had proven the address before: then personal tokens, second factors and linked identities are removed, too. A password that is easily guessed is 400 `weak_password`.',
    body: z.strictObject({ password: Password }),
    returns: z.object({ email: z.string(), revokedSessions: z.int() }),
    errors: gone,
  }),
}
