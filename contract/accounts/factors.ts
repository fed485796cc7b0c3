import { z } from 'zod'
import { Id, Name, Time } from '../common.ts'
import { operation } from '../operation.ts'
import { AuthenticationOptions, PresentedCredential, RegisteredCredential, RegistrationOptions } from './webauthn.ts'

/** The second factors. */
export const FactorMethod = z.enum(['totp', 'passkey', 'recovery-code'])
export type FactorMethod = z.infer<typeof FactorMethod>

export const Code = z
  .string()
  .max(20, 'must be six digits')
  .transform((typed) => typed.replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, 'must be six digits'))

export const RecoveryCode = z.string().min(1, 'must not be empty').max(100, 'must be at most 100 characters')

const given = {
  code: Code.optional().describe('What the authenticator app shows.'),
  recoveryCode: RecoveryCode.optional(),
  passkey: PresentedCredential.optional(),
}

/** Exactly one of them. */
export const SecondFactor = z
  .strictObject(given)
  .refine((proof) => Object.keys(proof).length === 1, 'must have one of code, recoveryCode and passkey')
export type SecondFactor = z.infer<typeof SecondFactor>

/** The password, with a code where a second factor is on; or only a passkey, which is both. */
export const Reauthenticate = z
  .strictObject({ password: z.string().min(1, 'must not be empty').max(128).optional(), ...given })
  .refine(
    ({ password, passkey, code, recoveryCode }) =>
      passkey === undefined
        ? password !== undefined && (code === undefined || recoveryCode === undefined)
        : password === undefined && code === undefined && recoveryCode === undefined,
    'must have a password, with at most one code, or a passkey alone',
  )
export type Reauthenticate = z.infer<typeof Reauthenticate>

export const Passkey = z.object({ id: Id, name: z.string(), createdAt: Time, lastUsedAt: Time.nullable() })
export type Passkey = z.infer<typeof Passkey>

const RecoveryCodes = z.array(z.string())
const FirstRecoveryCodes = RecoveryCodes.nullable().describe('Shown this once; null where there are some already.')

export const Factors = z.object({
  totp: z.object({ enabledAt: Time }).nullable(),
  passkeys: z.array(Passkey),
  recoveryCodes: z.object({ left: z.int(), made: z.int() }).describe('How many are unused, of how many.'),
  passkeyOrigin: z.string().nullable().describe('Where the console must be open for passkeys; null where they cannot be used.'),
})
export type Factors = z.infer<typeof Factors>

export const TotpStarted = z.object({
  secret: z.string().describe('In base 32, for typing.'),
  uri: z.string().describe('For a QR code: `otpauth://totp/…`.'),
})
export type TotpStarted = z.infer<typeof TotpStarted>

const tag = 'You'
const fresh = '`reauthentication_required`'

export const factorOperations = {
  get: operation({
    method: 'GET',
    path: '/me/factors',
    tag,
    summary: 'Your second factors',
    permission: 'session',
    returns: Factors,
  }),
  startTotp: operation({
    method: 'POST',
    path: '/me/totp',
    tag,
    summary: 'Begin to set up an authenticator app',
    permission: 'session',
    freshSignIn: 'always',
    description: 'Its secret is shown this once, and counts only when a code of it has been given, within ten minutes.',
    returns: TotpStarted,
    status: 201,
    errors: { 409: '`totp_enabled`' },
  }),
  confirmTotp: operation({
    method: 'POST',
    path: '/me/totp/confirmation',
    tag,
    summary: 'Turn the authenticator app on with its first code',
    permission: 'session',
    body: z.strictObject({ code: Code }),
    returns: z.object({ enabledAt: Time, recoveryCodes: FirstRecoveryCodes }),
    status: 201,
    errors: { 403: '`wrong_code`, `code_used`, `code_expired`', 409: '`totp_not_started`, `totp_enabled`' },
  }),
  removeTotp: operation({
    method: 'DELETE',
    path: '/me/totp',
    tag,
    summary: 'Turn the authenticator app off',
    permission: 'session',
    freshSignIn: 'always',
    description: 'The recovery codes go along, unless a passkey is left.',
    returns: z.object({ removed: z.literal(true) }),
    errors: { 404: '`factor_not_found`' },
  }),
  renewRecoveryCodes: operation({
    method: 'POST',
    path: '/me/recovery-codes',
    tag,
    summary: 'Make your recovery codes anew',
    permission: 'session',
    freshSignIn: 'always',
    description: 'Ten, each of use once, shown this once; those before them are of no use any more.',
    returns: z.object({ codes: RecoveryCodes }),
    status: 201,
    errors: { 404: '`factor_not_found`' },
  }),
  startPasskey: operation({
    method: 'POST',
    path: '/me/passkeys/options',
    tag,
    summary: 'Begin to add a passkey',
    permission: 'session',
    freshSignIn: 'always',
    returns: RegistrationOptions,
    status: 201,
    errors: { 409: '`passkeys_unavailable`, `too_many_passkeys`' },
  }),
  addPasskey: operation({
    method: 'POST',
    path: '/me/passkeys',
    tag,
    summary: 'Add the passkey that the browser made',
    permission: 'session',
    freshSignIn: 'always',
    body: z.strictObject({ name: Name, credential: RegisteredCredential }),
    returns: Passkey.extend({ recoveryCodes: FirstRecoveryCodes }),
    status: 201,
    errors: { 403: `\`wrong_passkey\`, \`passkey_expired\`, ${fresh}`, 409: '`passkey_exists`, `too_many_passkeys`' },
  }),
  renamePasskey: operation({
    method: 'PATCH',
    path: '/me/passkeys/{passkeyId}',
    tag,
    summary: 'Rename a passkey',
    permission: 'session',
    body: z.strictObject({ name: Name }),
    returns: Passkey,
  }),
  removePasskey: operation({
    method: 'DELETE',
    path: '/me/passkeys/{passkeyId}',
    tag,
    summary: 'Remove a passkey',
    permission: 'session',
    freshSignIn: 'always',
    description: 'The recovery codes go along with the last factor.',
    returns: z.object({ id: Id, removed: z.literal(true) }),
  }),
  startReauthentication: operation({
    method: 'POST',
    path: '/me/reauthentication/options',
    tag,
    summary: 'Begin to prove yourself again with a passkey',
    permission: 'session',
    returns: AuthenticationOptions,
    status: 201,
    errors: { 409: '`passkeys_unavailable`' },
  }),
}
