import { z } from 'zod'
import { Id, Time } from '../common.ts'
import { operation } from '../operation.ts'

/** What can go wrong at the sign-in provider, with the sentence a person reads. The browser carries only the code back. */
export const oidcProblems = {
  oidc_not_configured: 'This server has no sign-in provider. Sign in with your password',
  oidc_unreachable: 'The sign-in provider does not answer. Try again in a moment, or sign in with your password',
  oidc_provider_invalid:
    'The sign-in provider’s description of itself cannot be used. Whoever runs this server finds the reason in its log',
  oidc_provider_error: 'The sign-in provider could not sign you in. Whoever runs this server finds its reason in the log',
  oidc_denied: 'The sign-in was cancelled or refused at the provider',
  oidc_state_missing: 'The provider sent you back without saying which sign-in this is. Begin again',
  oidc_state_mismatch: 'This way back belongs to another sign-in than the one that this browser began. Begin again',
  oidc_flow_lost: 'This browser has begun no such sign-in, or more than ten minutes ago. Begin again',
  oidc_replayed: 'This way back from the provider was used before. Begin again',
  oidc_code_refused: 'The provider no longer takes the code that it gave you. Begin again',
  oidc_nonce_mismatch: 'The provider’s answer was made for another sign-in. Begin again',
  oidc_audience_mismatch: 'The provider’s answer was made for another application than this one',
  oidc_issuer_mismatch: 'The answer comes from another provider than the one that this server trusts',
  oidc_token_expired: 'The provider’s answer is out of date. Begin again; if that does not help, one of the clocks is wrong',
  oidc_signature_invalid: 'The provider’s answer is not signed by it',
  oidc_email_missing: 'The provider does not say your email address, so nobody here can be found by it',
  oidc_email_unverified: 'The provider has not verified your email address. Verify it there, then sign in again',
  oidc_other_identity:
    'Somebody else of this provider is linked to the account with your email address. Sign in to it another way, and link yourself under Sign-in',
  oidc_unlinked: 'You were unlinked from your account here. Sign in to it another way, and link yourself again under Sign-in',
  oidc_linked_elsewhere: 'This identity is linked to another account here. Unlink it there first',
  oidc_other_subject: 'At the provider you are somebody who is not linked to this account. Choose the right person there',
  oidc_not_reauthenticated: 'The provider did not ask you again who you are, so nothing is proven',
  oidc_session_over: 'Your session here has ended meanwhile. Sign in again',
} as const

export type OidcProblem = keyof typeof oidcProblems

/** The sentence for a code that came in a URL. */
export function problemSentence(code: string): string {
  if (code in oidcProblems) return oidcProblems[code as OidcProblem]
  if (code === 'rate_limited') return 'Too many requests came from your address. Try again in a minute'
  if (code === 'too_many_attempts') return 'Too many tries have failed from your address. Try again in a few minutes'
  return 'Signing in did not work. Begin again, in a moment'
}

/** A window that was sent to the provider reports the result on this broadcast channel to the browser's other windows. */
export const PROVEN_CHANNEL = 'bulkhead-proven-again'

/** The page that posts to `PROVEN_CHANNEL`. */
export const PROVEN_PAGE = '/login/again'

const StartOidc = z.strictObject({
  next: z.string().max(2000).optional().describe('Where to go afterwards: a path of this server.'),
  again: z
    .enum(['true', 'false'])
    .optional()
    .describe('Prove again who the session is: the provider asks anew, and it must be the same person.'),
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
  provider: z.string().describe('Its name where it is the one of this server, else its host.'),
  subject: z.string().describe('Who one is there.'),
  email: z.string().nullable().describe('As the provider said it last.'),
  createdAt: Time,
  lastUsedAt: Time,
})
export type Identity = z.infer<typeof Identity>

const SignInMethods = z.object({
  password: z.boolean().describe('Whether the caller has one.'),
  emailVerified: z.boolean().describe('Whether somebody has proven that the address of the account is theirs.'),
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
    summary: 'Sign in through the sign-in provider',
    permission: 'anybody',
    description: 'For browsers: sends them to the provider. What goes wrong ends on the sign-in page, which is told its code.',
    query: StartOidc,
    returns: SentOn,
    status: 303,
  }),
  callback: operation({
    method: 'GET',
    path: '/session/oidc/callback',
    tag,
    summary: 'The way back from the sign-in provider',
    permission: 'anybody',
    description:
      'For browsers. Who is new and has a verified email gets an account, who has one with that email is linked to it. ' +
      'Where nobody had proven the address of that account, what opened it before is removed.',
    query: OidcCallback,
    returns: SentOn,
    status: 303,
  }),
  methods: operation({
    method: 'GET',
    path: '/me/sign-in-methods',
    tag,
    summary: 'How you can sign in',
    permission: 'session',
    returns: SignInMethods,
  }),
  link: operation({
    method: 'POST',
    path: '/me/identities',
    tag,
    summary: 'Begin to link yourself at the sign-in provider',
    permission: 'session',
    freshSignIn: 'always',
    description: 'Answers where to send the browser, which holds a cookie for the way back.',
    body: z.strictObject({ next: z.string().max(2000).optional() }),
    returns: SentOn,
    errors: { 404: '`oidc_not_configured`', 503: '`oidc_unreachable`' },
  }),
  unlink: operation({
    method: 'DELETE',
    path: '/me/identities/{identityId}',
    tag,
    summary: 'Unlink yourself at a sign-in provider',
    permission: 'session',
    freshSignIn: 'always',
    description: 'Afterwards that person can sign in only once linked again.',
    returns: z.object({ id: Id, unlinked: z.literal(true) }),
    errors: { 409: '`last_sign_in_method`: set a password first' },
  }),
}
