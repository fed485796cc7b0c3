import { z } from 'zod'
import { Email, Id, Name, Password, Slug, Time } from '../common.ts'
import { Reauthenticate } from './factors.ts'
import { operation } from '../operation.ts'
import { Viewing } from './view-as.ts'

export const Me = z.object({
  id: Id,
  email: z.string(),
  name: z.string(),
  avatarUrl: z.string().nullable(),
  authenticatedAt: Time.nullable().describe('When the session was last proven, with the password or more; null for a token.'),
  viewing: Viewing.optional().describe('As whom this session sees which project right now.'),
})
export type Me = z.infer<typeof Me>

export const Reauthenticated = z.object({ authenticatedAt: Time })

export const ChangePassword = z.strictObject({
  password: z.string().min(1, 'must not be empty').max(128).describe('The one that holds now.'),
  newPassword: Password,
})
export type ChangePassword = z.infer<typeof ChangePassword>

/** The first owner and their organization, made at set-up. */
export const FirstOwner = z.strictObject({
  name: Name,
  email: Email,
  password: Password,
  organizationName: Name,
  organizationSlug: Slug,
})
export type FirstOwner = z.infer<typeof FirstOwner>

export const SetUp = FirstOwner.extend({ token: z.string().max(200) })
export type SetUp = z.infer<typeof SetUp>

export const meOperations = {
  get: operation({
    method: 'GET',
    path: '/me',
    tag: 'You',
    summary: 'Who the caller is',
    permission: 'authenticated',
    returns: Me,
  }),
  reauthenticate: operation({
    method: 'POST',
    path: '/me/reauthentication',
    tag: 'You',
    summary: 'Prove again who holds the session',
    permission: 'session',
    description:
      'What destroys or grants asks for a sign-in no older than ten minutes: the password, with a code where a second factor is on, or a passkey alone.',
    body: Reauthenticate,
    returns: Reauthenticated,
    errors: {
      401: '`second_factor_required`, with `methods`, when a second factor is on and none was sent',
      403: '`wrong_password`, `wrong_code`, `code_used`, `code_expired`, `wrong_recovery_code`, `recovery_code_used`, `wrong_passkey`, `passkey_expired`',
    },
  }),
  changePassword: operation({
    method: 'PUT',
    path: '/me/password',
    tag: 'You',
    summary: 'Change your password',
    permission: 'session',
    freshSignIn: 'where you have a second factor',
    description:
      'Ends all of your other sessions; tokens keep working. Any 12 to 128 characters, save what is easily guessed: 400 `weak_password`.',
    body: ChangePassword,
    returns: z.object({ changed: z.literal(true), revokedSessions: z.int() }),
  }),
  setUp: operation({
    method: 'POST',
    path: '/setup/owner',
    tag: 'You',
    summary: 'Name the first owner and organisation',
    permission: 'public',
    description: 'Once, with the link printed at the first start.',
    body: SetUp,
    returns: z.object({ organizationSlug: z.string() }),
    status: 201,
    errors: { 409: '`already_set_up`' },
  }),
}
