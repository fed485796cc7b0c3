import type { Cast } from './cast.ts'
import { ownersPassword } from './cast.ts'
import { softAuthenticator } from './authenticator.ts'
import type { Client, Who } from './client.ts'
import { addSoftPasskey, codeOf, turnOnTotp } from './factors.ts'
import { browser } from './session.ts'
import { type Jar, cookieOf, keep } from './sign-in.ts'

type Options = { challenge: string; rp: { id: string } }

/** Right calls about factors: by people of their own, since a factor changes how one signs in. */
export async function factorExamples(send: Client, world: Cast['world'], password_hash: string) {
  const newcomer = async () => {
    const person = await world.person()
    await world.db.updateTable('users').set({ password_hash }).where('id', '=', person.id).execute()
    return { ...person, session: await browser(person.credentialId) }
  }
  const [bare, begun, guarded] = [await newcomer(), await newcomer(), await newcomer()]
  const { body: started } = await send<{ secret: string }>(begun.session, 'POST /me/totp')
  const { recoveryCodes } = await turnOnTotp(send, guarded.session)
  const { id: passkeyId, authenticator } = await addSoftPasskey(send, guarded.session)

  const asked = async (as: Who, path: string) => {
    const answer = await send<Options>(as, `POST ${path}`)
    const jar: Jar = new Map()
    keep(jar, answer)
    return { ...answer, as: { cookie: cookieOf(jar) } }
  }
  const first = await send(null, 'POST /session', { json: { email: guarded.email, password: ownersPassword } })
  const pending: Jar = new Map()
  keep(pending, first)
  const { body: registration } = await asked(bare.session, '/me/passkeys/options')
  const signingIn = await asked(null, '/session/passkey/options')

  const second = { cookie: cookieOf(pending) }
  const as: Record<string, Who> = {
    'POST /me/totp': bare.session,
    'POST /me/totp/confirmation': begun.session,
    'DELETE /me/totp': guarded.session,
    'POST /me/recovery-codes': guarded.session,
    'POST /me/passkeys/options': bare.session,
    'POST /me/passkeys': bare.session,
    'PATCH /me/passkeys/{passkeyId}': guarded.session,
    'DELETE /me/passkeys/{passkeyId}': guarded.session,
    'POST /me/reauthentication/options': guarded.session,
    'POST /session/second-factor': second,
    'POST /session/second-factor/options': second,
    'POST /session/passkey': signingIn.as,
  }
  const bodies: Record<string, Record<string, unknown>> = {
    'POST /me/totp/confirmation': { code: codeOf(started.secret) },
    'POST /me/passkeys': { name: 'laptop', credential: softAuthenticator(authenticator.origin).create(registration) },
    'PATCH /me/passkeys/{passkeyId}': { name: 'key ring' },
    'POST /session/second-factor': { recoveryCode: recoveryCodes[0] },
    'POST /session/passkey': { credential: authenticator.get(signingIn.body) },
  }
  return { as, bodies, passkeyId }
}
