import type { Cast } from '../world/cast.ts'
import { ownersPassword } from '../world/cast.ts'
import { softAuthenticator } from './authenticator.ts'
import type { Client, Who } from './client.ts'
import { addSoftPasskey, codeOf, turnOnTotp } from './factors.ts'
import { browser } from './session.ts'
import { type Jar, cookieOf, keep } from './sign-in.ts'

type Options = { challenge: string; rp: { id: string } }

/** Valid calls about factors, by people of their own, because a factor changes how a person signs in. */
export async function factorExamples(send: Client, world: Cast['world'], password_hash: string) {
  const newcomer = async () => {
    const person = await world.person()
    await world.db.updateTable('users').set({ password_hash }).where('id', '=', person.id).execute()
    return { email: person.email, as: await browser(person.credentialId) }
  }
  const [bare, begun, guarded] = [await newcomer(), await newcomer(), await newcomer()]
  const { body: started } = await send<{ secret: string }>(begun.as, 'POST /me/totp')
  const { recoveryCodes } = await turnOnTotp(send, guarded.as)
  const { id: passkeyId, authenticator } = await addSoftPasskey(send, guarded.as)

  const asked = async (as: Who, path: string) => {
    const answer = await send<Options>(as, `POST ${path}`)
    const jar: Jar = new Map()
    keep(jar, answer)
    return { ...answer, as: { cookie: cookieOf(jar) } }
  }
  const first = await send(null, 'POST /session', { json: { email: guarded.email, password: ownersPassword } })
  const pending: Jar = new Map()
  keep(pending, first)
  const { body: registration } = await asked(bare.as, '/me/passkeys/options')
  const signingIn = await asked(null, '/session/passkey/options')

  const second = { email: guarded.email, as: { cookie: cookieOf(pending) } }
  const by: Record<string, { email: string; as: Who }> = {
    'POST /me/totp': bare,
    'POST /me/totp/confirmation': begun,
    'DELETE /me/totp': guarded,
    'POST /me/recovery-codes': guarded,
    'POST /me/passkeys/options': bare,
    'POST /me/passkeys': bare,
    'PATCH /me/passkeys/{passkeyId}': guarded,
    'DELETE /me/passkeys/{passkeyId}': guarded,
    'POST /me/reauthentication/options': guarded,
    'POST /session/second-factor': second,
    'POST /session/second-factor/options': second,
    'POST /session/passkey': { email: guarded.email, as: signingIn.as },
  }
  const bodies: Record<string, Record<string, unknown>> = {
    'POST /me/totp/confirmation': { code: codeOf(started.secret) },
    'POST /me/passkeys': { name: 'laptop', credential: softAuthenticator(authenticator.origin).create(registration) },
    'PATCH /me/passkeys/{passkeyId}': { name: 'key ring' },
    'POST /session/second-factor': { recoveryCode: recoveryCodes[0] },
    'POST /session/passkey': { credential: authenticator.get(signingIn.body) },
  }
  return { by, bodies, passkeyId }
}
