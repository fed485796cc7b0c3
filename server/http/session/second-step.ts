import { randomBytes } from 'node:crypto'
import type { SecondFactor } from '#contract/accounts/factors'
import type { Me } from '#contract/accounts/me'
import type { PresentedCredential } from '#contract/accounts/webauthn'
import type { Database, Trx } from '#db/client'
import { finishSignIn, signInWithPasskey, startPasskeySignIn, startSecondStep } from '#domain/accounts/second-step'
import { addressOf } from '../address.ts'
import { keptDevice } from './device-cookie.ts'
import { attemptCookie, attemptOf, noPendingCookie, pendingOf } from './pending-cookie.ts'
import { setSignedIn } from './sign-in.ts'

type Call<Body> = { db: Database | Trx; body: Body; request: Request; setCookie: (cookie: string) => void }

const browserOf = (request: Request) => ({
  address: addressOf(request),
  userAgent: request.headers.get('user-agent'),
  deviceOf: (email: string) => keptDevice(request, email),
})

export const startSecondStepInBrowser = ({ db, request }: Pick<Call<never>, 'db' | 'request'>) =>
  startSecondStep(db, pendingOf(request))

export async function finishSignInInBrowser({ db, body, request, setCookie }: Call<SecondFactor>): Promise<Me> {
  const signedIn = await finishSignIn(db, { pending: pendingOf(request), proof: body, ...browserOf(request) })
  setCookie(noPendingCookie())
  return setSignedIn(signedIn, setCookie)
}

export function startPasskeyInBrowser({ setCookie }: Pick<Call<never>, 'setCookie'>) {
  const attempt = randomBytes(16).toString('base64url')
  setCookie(attemptCookie(attempt))
  return startPasskeySignIn(attempt)
}

export async function signInBrowserWithPasskey(call: Call<{ credential: PresentedCredential }>): Promise<Me> {
  const { db, body, request, setCookie } = call
  const signedIn = await signInWithPasskey(db, { attempt: attemptOf(request), ...body, ...browserOf(request) })
  return setSignedIn(signedIn, setCookie)
}
