import { z } from 'zod'
import { Id, Time } from '../common.ts'
import { operation } from '../operation.ts'

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
    .optional()
    .describe('What the sign-in began with.'),
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
