import { z } from 'zod'
import { Id, Time } from '../common.ts'
import { operation } from '../operation.ts'

/** What can go wrong at the sign-in provider, with the sentence a person reads. The browser carries only the code back. */
export const oidcProblems = {
  oidc_not_configured: 'This server has no sign-in provider. Sign in with your password',
  oidc_unreachable: 'The sign-in provider does not respond. Try again in a moment, or sign in with your password',
  oidc_provider_invalid:
    'The sign-in provider is misconfigured. Ask the operator of this server to look up the reason in its log',
  oidc_provider_error:
    'The sign-in provider could not sign you in. Ask the operator of this server to look up the reason in its log',
  oidc_denied: 'The sign-in was canceled or refused at the provider. Start again',
  oidc_state_missing: 'The provider’s response does not say which sign-in it is for. Start again',
  oidc_state_mismatch: 'The provider’s response belongs to another sign-in than the one that this browser started. Start again',
  oidc_flow_lost: 'This browser did not start this sign-in, or started it more than ten minutes ago. Start again',
  oidc_replayed: 'The provider’s response was used already. Start again',
  oidc_code_refused: 'The provider no longer accepts the code that it issued. Start again',
  oidc_nonce_mismatch: 'The provider’s response was issued for another sign-in. Start again',
  oidc_audience_mismatch:
    'The provider’s response was issued for another application. Ask the operator of this server to check the client id',
  oidc_issuer_mismatch:
    'The response comes from another provider than the one that this server trusts. Ask the operator of this server to check the issuer',
  oidc_token_expired:
    'The provider’s response has expired. Start again. If that does not help, the clock of this server or of the provider is wrong',
  oidc_signature_invalid: 'The signature of the provider’s response is not valid. Start again',
  oidc_email_missing:
    'The provider did not send your email address, which is needed to find your account. Ask its administrator to release the email claim',
  oidc_email_unverified: 'The provider has not verified your email address. Verify it there, then sign in again',
  oidc_other_identity:
    'The account with your email address is linked to another identity at this provider. Sign in another way, then link this identity under Sign-in',
  oidc_unlinked: 'This identity was unlinked from your account. Sign in another way, then link it again under Sign-in',
  oidc_linked_elsewhere: 'This identity is linked to another account. Unlink it there first',
  oidc_other_subject:
    'The identity that you chose at the provider is not linked to this account. Start again and choose the one that is',
  oidc_not_reauthenticated:
    'The provider did not ask you to sign in again, so it’s not confirmed that it’s you. Use your password or a passkey',
  oidc_session_over: 'Your session has ended. Sign in again',
} as const

export type OidcProblem = keyof typeof oidcProblems

/** The sentence for a code that came in a URL. */
export function problemSentence(code: string): string {
  if (code in oidcProblems) return oidcProblems[code as OidcProblem]
  if (code === 'rate_limited') return 'Too many requests from your IP address. Try again in a minute'
  if (code === 'too_many_attempts') return 'Too many failed tries from your IP address. Try again in a few minutes'
  return 'Signing in failed. Try again in a moment'
}

/** A window that was sent to the provider reports the result on this broadcast channel to the browser's other windows. */
export const PROVEN_CHANNEL = 'bulkhead-proven-again'

const StartOidc = z.strictObject({
  next: z.string().max(2000).optional().describe('The path on this server to go to afterward.'),
  again: z
    .enum(['true', 'false'])
    .optional()
    .describe('Confirm it’s you: the provider asks you to sign in again, as the same person.'),
})

/** A provider may send more parameters; they are ignored. */
const OidcCallback = z.looseObject({
  state: z
    .string()
    .max(16 * 1024)
    .optional(),
})

const SentOn = z.object({ location: z.string() })

const Identity = z.object({
  id: Id,
  issuer: z.string(),
  provider: z.string().describe('The name of this server’s provider, or the host of another one.'),
  subject: z.string().describe('The person’s identifier at the provider.'),
  email: z.string().nullable().describe('The email address that the provider sent last.'),
  createdAt: Time,
  lastUsedAt: Time,
})
export type Identity = z.infer<typeof Identity>

const SignInMethods = z.object({
  password: z.boolean().describe('Whether you have a password.'),
  emailVerified: z.boolean().describe('Whether you have proven that the email address is yours.'),
  provider: z.object({ name: z.string() }).nullable().describe('The sign-in provider of this server.'),
  identities: z.array(Identity),
})
export type SignInMethods = z.infer<typeof SignInMethods>

const tag = 'You'

export const oidcOperations = {
  start: operation({
    method: 'GET',
    path: '/session/oidc',
    tag,
    summary: 'Sign in with the sign-in provider',
    permission: 'anybody',
    description: 'For browsers: redirects to the provider. After a failure, redirects to the sign-in page with the error code.',
    query: StartOidc,
    returns: SentOn,
    status: 303,
  }),
  callback: operation({
    method: 'GET',
    path: '/session/oidc/callback',
    tag,
    summary: 'Return from the sign-in provider',
    permission: 'anybody',
    description:
      'For browsers. A new person with a verified email gets an account; a person whose email already has an account is linked to it. ' +
      'If the address of that account was not verified before, every earlier way to sign in to it is revoked.',
    query: OidcCallback,
    returns: SentOn,
    status: 303,
  }),
  methods: operation({
    method: 'GET',
    path: '/me/sign-in-methods',
    tag,
    summary: 'Get how you can sign in',
    permission: 'session',
    returns: SignInMethods,
  }),
  link: operation({
    method: 'POST',
    path: '/me/identities',
    tag,
    summary: 'Start to link an identity at the sign-in provider',
    permission: 'session',
    freshSignIn: 'always',
    description: 'Returns the URL to open in this browser, and sets a cookie that the return needs.',
    body: z.strictObject({ next: z.string().max(2000).optional() }),
    returns: SentOn,
    errors: { 404: '`oidc_not_configured`', 503: '`oidc_unreachable`' },
  }),
  unlink: operation({
    method: 'DELETE',
    path: '/me/identities/{identityId}',
    tag,
    summary: 'Unlink an identity',
    permission: 'session',
    freshSignIn: 'always',
    description: 'The identity can’t be used to sign in until it is linked again.',
    returns: z.object({ id: Id, unlinked: z.literal(true) }),
    errors: { 409: '`last_sign_in_method`: set a password first' },
  }),
}
