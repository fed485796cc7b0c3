import { z } from 'zod'
import { Email, Id, Name, Password, Slug, Time } from './common.ts'
import { operation } from './operation.ts'
import { Viewing } from './view-as.ts'

export const Me = z.object({
  id: Id,
  email: z.string(),
  name: z.string(),
  avatarUrl: z.string().nullable(),
  authenticatedAt: Time.nullable().describe('When the session’s password was last given; null for a token.'),
  viewing: Viewing.optional().describe('As whom this session sees which project right now.'),
})
export type Me = z.infer<typeof Me>

export const Reauthenticate = z.strictObject({ password: z.string().min(1, 'must not be empty').max(128) })
export const Reauthenticated = z.object({ authenticatedAt: Time })

export const ChangePassword = z.strictObject({
  password: z.string().min(1, 'must not be empty').max(128).describe('The one that holds now.'),
  newPassword: Password,
})
export type ChangePassword = z.infer<typeof ChangePassword>

/** The first owner and his organisation. */
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
    summary: 'Prove the session’s password again',
    permission: 'session',
    description: 'What destroys asks for a sign-in no older than ten minutes.',
    body: Reauthenticate,
    returns: Reauthenticated,
  }),
  changePassword: operation({
    method: 'PUT',
    path: '/me/password',
    tag: 'You',
    summary: 'Change your password',
    permission: 'session',
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
