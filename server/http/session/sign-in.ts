import type { Me } from '#contract/accounts/me'
import type { SignIn } from '#contract/accounts/sessions'
import type { Database, Trx } from '#db/client'
import { type SignedIn, signIn } from '#domain/accounts/sign-in'
import { addressOf } from '../address.ts'
import { deviceCookie, keptDevice } from './device-cookie.ts'
import { sessionCookie } from './session-cookie.ts'

type Call = { db: Database | Trx; body: SignIn; request: Request; setCookie: (cookie: string) => void }

/** Signs in and sets two cookies: the session, and the device that has signed in. */
export async function signInBrowser({ db, body, request, setCookie }: Call): Promise<Me> {
  const { email } = body
  const userAgent = request.headers.get('user-agent')
  const signedIn = await signIn(db, { ...body, address: addressOf(request), userAgent, device: keptDevice(request, email) })
  return setSignedIn(signedIn, setCookie)
}

/** Sets the same cookies after any other kind of sign-in. */
export async function setSignedIn(signedIn: SignedIn, setCookie: Call['setCookie']): Promise<Me> {
  setCookie(await sessionCookie(signedIn))
  setCookie(deviceCookie(signedIn.me.email, signedIn.deviceText))
  return signedIn.me
}
