import { HOTP, Secret } from 'otpauth'
import type { Factors, Passkey, TotpStarted } from '#contract/accounts/factors'
import { type SoftAuthenticator, softAuthenticator } from './authenticator.ts'
import type { Client, Who } from './client.ts'

const step = () => Math.floor(Date.now() / 30_000)

/** The code that an authenticator app shows, `steps` half minutes from now. */
export const codeOf = (secret: string, steps = 0) => HOTP.generate({ secret: Secret.fromBase32(secret), counter: step() + steps })

/** A code that is not among the app's current or recent ones. */
export function wrongCode(secret: string): string {
  const near = new Set(Array.from({ length: 40 }, (_, i) => codeOf(secret, i - 20)))
  return ['000000', ...Array.from({ length: 41 }, (_, i) => String(100_000 + i))].find((code) => !near.has(code))!
}

/**
 * Turns on an authenticator app for the holder of this session. Uses the code of the previous half minute, so that the current
 * one stays unused.
 */
export async function turnOnTotp(send: Client, session: Who): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { body } = await send<TotpStarted>(session, 'POST /me/totp')
  const confirm = () =>
    send<{ recoveryCodes: string[] | null }>(session, 'POST /me/totp/confirmation', { json: { code: codeOf(body.secret, -1) } })
  let confirmed = await confirm()
  // The half minute may have ended meanwhile.
  if (confirmed.status === 403) confirmed = await confirm()
  if (confirmed.status !== 201) throw new Error(confirmed.text)
  return { secret: body.secret, recoveryCodes: confirmed.body.recoveryCodes ?? [] }
}

type Added = Passkey & { recoveryCodes: string[] | null; authenticator: SoftAuthenticator }

/** Adds a passkey in software for the holder of this session. */
export async function addSoftPasskey(send: Client, session: Who, name = 'laptop'): Promise<Added> {
  const { body: factors } = await send<Factors>(session, 'GET /me/factors')
  const authenticator = softAuthenticator(factors.passkeyOrigin ?? '')
  const options = await send<{ challenge: string; rp: { id: string } }>(session, 'POST /me/passkeys/options')
  const json = { name, credential: authenticator.create(options.body) }
  const added = await send<Added>(session, 'POST /me/passkeys', { json })
  if (added.status !== 201) throw new Error(added.text)
  return { ...added.body, authenticator }
}
