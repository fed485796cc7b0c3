import { z } from 'zod'
import { Id, Name, Time, TypedPassword } from '../common.ts'
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

export const RecoveryCode = z.string().min(1).max(100)

const given = {
  code: Code.optional().describe('The code that the authenticator app shows.'),
  recoveryCode: RecoveryCode.optional(),
  passkey: PresentedCredential.optional(),
}

/** Exactly one of them. */
export const SecondFactor = z
  .strictObject(given)
  .refine((proof) => Object.keys(proof).length === 1, 'must have exactly one of code, recoveryCode and passkey')
export type SecondFactor = z.infer<typeof SecondFactor>

/** The password, with a code where a second factor is on; or only a passkey, which is both. */
export const Reauthenticate = z
  .strictObject({ password: TypedPassword.optional(), ...given })
  .refine(
    ({ password, passkey, code, recoveryCode }) =>
      passkey === undefined
        ? password !== undefined && (code === undefined || recoveryCode === undefined)
        : password === undefined && code === undefined && recoveryCode === undefined,
    'must have either a password with at most one of code and recoveryCode, or only a passkey',
  )
export type Reauthenticate = z.infer<typeof Reauthenticate>

export const Passkey = z.object({ id: Id, name: z.string(), createdAt: Time, lastUsedAt: Time.nullable() })
export type Passkey = z.infer<typeof Passkey>

const RecoveryCodes = z.array(z.string())
const FirstRecoveryCodes = RecoveryCodes.nullable().describe('Shown only once; null if you have recovery codes already.')

export const Factors = z.object({
  totp: z.object({ enabledAt: Time }).nullable(),
  passkeys: z.array(Passkey),
  recoveryCodes: z.object({ left: z.int(), made: z.int() }).describe('How many are unused, and how many there were.'),
  passkeyOrigin: z
    .string()
    .nullable()
    .describe('The origin at which the console must be open to use passkeys; null if this server doesn’t support them.'),
})
export type Factors = z.infer<typeof Factors>

export const TotpStarted = z.object({
  secret: z.string().describe('The secret in base32, to type into the app.'),
  uri: z.string().describe('The secret as `otpauth://totp/…`, for a QR code.'),
})
export type TotpStarted = z.infer<typeof TotpStarted>

const tag = 'Second factors'
const fresh = '`reauthentication_required`'

export const factorOperations = {
  get: operation({
    method: 'GET',
    path: '/me/factors',
    tag,
    summary: 'Get your second factors',
    permission: 'session',
    returns: Factors,
  }),
  startTotp: operation({
    method: 'POST',
    path: '/me/totp',
    tag,
    summary: 'Start to set up an authenticator app',
    permission: 'session',
    freshSignIn: 'always',
    description: 'The secret is shown only in this response. Confirm it with a code within ten minutes.',
    returns: TotpStarted,
    status: 201,
    errors: { 409: '`totp_enabled`' },
  }),
  confirmTotp: operation({
    method: 'POST',
    path: '/me/totp/confirmation',
    tag,
    summary: 'Turn on the authenticator app with its first code',
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
    summary: 'Turn off the authenticator app',
    permission: 'session',
    freshSignIn: 'always',
    description: 'Also deletes the recovery codes, unless you have a passkey.',
    returns: z.object({ removed: z.literal(true) }),
    errors: { 404: '`factor_not_found`' },
  }),
  renewRecoveryCodes: operation({
    method: 'POST',
    path: '/me/recovery-codes',
    tag,
    summary: 'Replace your recovery codes',
    permission: 'session',
    freshSignIn: 'always',
    description: 'Creates ten codes, each for one use, shown only in this response. The previous codes stop working.',
    returns: z.object({ codes: RecoveryCodes }),
    status: 201,
    errors: { 404: '`factor_not_found`' },
  }),
  startPasskey: operation({
    method: 'POST',
    path: '/me/passkeys/options',
    tag,
    summary: 'Start to add a passkey',
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
    summary: 'Add the passkey that the browser created',
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
    description: 'Removing the last factor also deletes the recovery codes.',
    returns: z.object({ id: Id, removed: z.literal(true) }),
  }),
  startReauthentication: operation({
    method: 'POST',
    path: '/me/reauthentication/options',
    tag,
    summary: 'Start to confirm it’s you with a passkey',
    permission: 'session',
    returns: AuthenticationOptions,
    status: 201,
    errors: { 409: '`passkeys_unavailable`' },
  }),
}
