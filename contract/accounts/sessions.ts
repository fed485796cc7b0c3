import { z } from 'zod'
import { Id, PageQuery, Time, TypedPassword } from '../common.ts'
import { Email } from '../email.ts'
import { SecondFactor } from './factors.ts'
import { Me } from './me.ts'
import { operation } from '../operation.ts'
import { AuthenticationOptions, PresentedCredential } from './webauthn.ts'

export const Session = z.object({
  id: Id,
  current: z.boolean().describe('Whether it is the session of this request.'),
  device: z.string().describe('The browser and operating system.'),
  userAgent: z.string().nullable(),
  address: z.string().nullable().describe('The IP address of the sign-in.'),
  createdAt: Time,
  lastSeenAt: Time.describe('Rounded to a minute.'),
  expiresAt: Time,
})
export type Session = z.infer<typeof Session>

export const SignIn = z.strictObject({ email: Email, password: TypedPassword })
export type SignIn = z.infer<typeof SignIn>

const tag = 'You'

export const sessionOperations = {
  signIn: operation({
    method: 'POST',
    path: '/session',
    tag,
    summary: 'Sign in from a browser',
    permission: 'public',
    description:
      'Sets the session cookie. Scripts use a token instead. After several failed tries, 429 `too_many_attempts`; `Retry-After` is the number of seconds to wait.',
    body: SignIn,
    returns: Me,
    status: 201,
    errors: {
      401:
        '`wrong_credentials` if the email or the password is wrong; `second_factor_required`, with `methods`, for an account with a second factor: ' +
        'continue with `POST /session/second-factor` within five minutes',
    },
  }),
  secondStep: operation({
    method: 'POST',
    path: '/session/second-factor',
    tag,
    summary: 'Sign in from a browser: second step',
    permission: 'public',
    description:
      'Follows `second_factor_required` of `POST /session`, in the same browser. After a failed try, you can try again.',
    body: SecondFactor,
    returns: Me,
    status: 201,
    errors: {
      401: '`sign_in_expired`: start again with the password',
      403: '`wrong_code`, `code_used`, `code_expired`, `wrong_recovery_code`, `recovery_code_used`, `wrong_passkey`, `passkey_expired`',
      429: '`too_many_attempts`',
    },
  }),
  startSecondStep: operation({
    method: 'POST',
    path: '/session/second-factor/options',
    tag,
    summary: 'Start the second step with a passkey',
    permission: 'public',
    returns: AuthenticationOptions,
    status: 201,
    errors: { 401: '`sign_in_expired`', 409: '`passkeys_unavailable`' },
  }),
  startPasskey: operation({
    method: 'POST',
    path: '/session/passkey/options',
    tag,
    summary: 'Start to sign in with only a passkey',
    permission: 'public',
    returns: AuthenticationOptions,
    status: 201,
    errors: { 409: '`passkeys_unavailable`' },
  }),
  signInWithPasskey: operation({
    method: 'POST',
    path: '/session/passkey',
    tag,
    summary: 'Sign in with only a passkey',
    permission: 'public',
    description: 'A passkey verifies its holder, so it counts as both factors.',
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
    description: 'Newest sign-in first.',
    query: PageQuery,
    returns: Session.array(),
  }),
  revoke: operation({
    method: 'DELETE',
    path: '/me/sessions/{sessionId}',
    tag,
    summary: 'End one of your sessions',
    permission: 'session',
    description: 'The session is signed out immediately. Ending the session of this request signs you out.',
    returns: z.object({ id: Id, revoked: z.literal(true) }),
  }),
  revokeOthers: operation({
    method: 'DELETE',
    path: '/me/sessions',
    tag,
    summary: 'End all of your other sessions',
    permission: 'session',
    returns: z.object({ revoked: z.int() }),
  }),
}
