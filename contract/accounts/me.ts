import { z } from 'zod'
import { Id, Name, Password, Slug, Time, TypedPassword } from '../common.ts'
import { Email } from '../email.ts'
import { Reauthenticate } from './factors.ts'
import { operation } from '../operation.ts'
import { Viewing } from './view-as.ts'

export const Me = z.object({
  id: Id,
  email: z.string(),
  name: z.string(),
  avatarUrl: z.string().nullable(),
  authenticatedAt: Time.nullable().describe(
    'When the person last signed in or confirmed it’s them in this session; null for a token.',
  ),
  viewing: Viewing.optional().describe('The project and the person that this session currently views it as.'),
})
export type Me = z.infer<typeof Me>

export const Reauthenticated = z.object({ authenticatedAt: Time })

export const ChangePassword = z.strictObject({
  password: TypedPassword.describe('The current password.'),
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
    summary: 'Get the caller',
    permission: 'authenticated',
    returns: Me,
  }),
  reauthenticate: operation({
    method: 'POST',
    path: '/me/reauthentication',
    tag: 'You',
    summary: 'Confirm it’s you',
    permission: 'session',
    description:
      'Actions that destroy data or grant access need a sign-in at most ten minutes old. Send the password, with a code if you have a second factor, or only a passkey.',
    body: Reauthenticate,
    returns: Reauthenticated,
    errors: {
      401: '`second_factor_required`, with `methods`: you have a second factor and sent none',
      403: '`wrong_password`, `wrong_code`, `code_used`, `code_expired`, `wrong_recovery_code`, `recovery_code_used`, `wrong_passkey`, `passkey_expired`',
      429: '`too_many_attempts`',
    },
  }),
  changePassword: operation({
    method: 'PUT',
    path: '/me/password',
    tag: 'You',
    summary: 'Change your password',
    permission: 'session',
    freshSignIn: 'if you have a second factor',
    description:
      'Ends all of your other sessions; tokens keep working. A password has 12 to 128 characters; one that is easy to guess gets 400 `weak_password`.',
    body: ChangePassword,
    returns: z.object({ changed: z.literal(true), revokedSessions: z.int() }),
    errors: { 403: '`wrong_password`', 429: '`too_many_attempts`' },
  }),
  setUp: operation({
    method: 'POST',
    path: '/setup/owner',
    tag: 'You',
    summary: 'Create the first owner and organization',
    permission: 'public',
    description: 'Works once, with the link that the server prints at its first start.',
    body: SetUp,
    returns: z.object({ organizationSlug: z.string() }),
    status: 201,
    errors: {
      400: 'The request is not valid; `weak_password`',
      403: '`invalid_setup_token`',
      409: '`already_set_up`',
      429: '`too_many_attempts`',
    },
  }),
}
