import { z } from 'zod'
import { Email, Id, PageQuery, Time } from './common.ts'
import { Me } from './me.ts'
import { operation } from './operation.ts'

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
    errors: { 401: '`wrong_credentials`, whichever of the two is wrong' },
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
