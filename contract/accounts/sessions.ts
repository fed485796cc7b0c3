import { z } from 'zod'
import { Email, Id, PageQuery, Time } from '../common.ts'
import { SecondFactor } from './factors.ts'
import { Me } from './me.ts'
import { operation } from '../operation.ts'
import { AuthenticationOptions, PresentedCredential } from './webauthn.ts'

export const Session = z.object({
  id: Id,
  current: z.boolean().describe('The session that asks.'),
  device: z.string().describe('The browser and system, in words.'),
  userAgent: z.string().nullable(),
  address: z.string().nullable().describe('Where it was signed in from.'),
  createdAt: Time,
  lastSeenAt: Time.describe('To the minute.'),
  expiresAt: Time,
})
export type Session = z.infer<typeof Session>

export const SignIn = z.strictObject({ email: Email, password: z.string().min(1, 'must not be empty').max(128) })
export type SignIn = z.infer<typeof SignIn>

const tag = 'You'

export const sessionOperations = {
  signIn: operation({
    method: 'POST',
    path: '/session',
    tag,
    summary: 'Sign in with a browser',
    permission: 'public',
    description:
      'Answers with the session’s cookie; programs send a token instead. After several wrong tries, 429 `too_many_attempts`, and `Retry-After` says for how many seconds.',
    body: SignIn,
    returns: Me,
    status: 201,
    errors: {
      401:
        '`wrong_credentials`, whichever of the two is wrong; `second_factor_required`, with `methods`, for somebody who has a second factor: ' +
        'a cookie of five minutes then leads to `POST /session/second-factor`',
    },
  }),
  secondStep: operation({
    method: 'POST',
    path: '/session/second-factor',
    tag,
    summary: 'Sign in with a browser: the second step',
    permission: 'public',
    description:
      'After `POST /session` has answered `second_factor_required`, in the same browser. Any wrong try may be followed by another.',
    body: SecondFactor,
    returns: Me,
    status: 201,
    errors: {
      401: '`sign_in_expired`: begin again with the password',
      403: '`wrong_code`, `code_used`, `code_expired`, `wrong_recovery_code`, `recovery_code_used`, `wrong_passkey`, `passkey_expired`',
    },
  }),
  startSecondStep: operation({
    method: 'POST',
    path: '/session/second-factor/options',
    tag,
    summary: 'Begin the second step with a passkey',
    permission: 'public',
    returns: AuthenticationOptions,
    status: 201,
    errors: { 401: '`sign_in_expired`', 409: '`passkeys_unavailable`' },
  }),
  startPasskey: operation({
    method: 'POST',
    path: '/session/passkey/options',
    tag,
    summary: 'Begin to sign in with a passkey alone',
    permission: 'public',
    returns: AuthenticationOptions,
    status: 201,
    errors: { 409: '`passkeys_unavailable`' },
  }),
  signInWithPasskey: operation({
    method: 'POST',
    path: '/session/passkey',
    tag,
    summary: 'Sign in with a passkey alone',
    permission: 'public',
    description: 'It verifies who holds it, so it counts as both factors.',
    body: z.strictObject({ credential: PresentedCredential }),
    returns: Me,
    status: 201,
    errors: { 403: '`wrong_passkey`, `passkey_expired`' },
  }),
  list: operation({
    method: 'GET',
    path: '/me/sessions',
    tag,
    summary: 'List your sessions',
    permission: 'session',
    description: 'The newest sign-in first.',
    query: PageQuery,
    returns: Session.array(),
  }),
  revoke: operation({
    method: 'DELETE',
    path: '/me/sessions/{sessionId}',
    tag,
    summary: 'End one of your sessions',
    permission: 'session',
    description: 'It is refused from its next request on. Ending the one that asks is signing out.',
    returns: z.object({ id: Id, revoked: z.literal(true) }),
  }),
  revokeOthers: operation({
    method: 'DELETE',
    path: '/me/sessions',
    tag,
    summary: 'End all of your sessions but this one',
    permission: 'session',
    returns: z.object({ revoked: z.int() }),
  }),
}
