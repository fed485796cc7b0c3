import { useMutation } from '@tanstack/react-query'
import type { z } from 'zod'
import type { SecondFactor } from '#contract/accounts/factors'
import { paths } from '#contract/paths'
import type { SignIn } from '#contract/accounts/sessions'
import { call } from '../call.ts'
import { presentPasskey } from './webauthn.ts'

/** Exchanges email and password for a session cookie. The error does not reveal which of the two is wrong. */
export function useSignIn() {
  return useMutation({ mutationFn: (body: z.input<typeof SignIn>) => call('POST /session', { body }) })
}

/** The second factor after the password: a code or a passkey. */
export function useSecondStep() {
  return useMutation({
    mutationFn: async (given: z.input<typeof SecondFactor> | 'passkey') => {
      const body =
        given === 'passkey' ? { passkey: await presentPasskey(await call('POST /session/second-factor/options', {})) } : given
      return call('POST /session/second-factor', { body })
    },
  })
}

/** Signs in without email or password: the browser offers its passkeys for this site. */
export function usePasskeySignIn() {
  return useMutation({
    mutationFn: async () => {
      const credential = await presentPasskey(await call('POST /session/passkey/options', {}))
      return call('POST /session/passkey', { body: { credential } })
    },
  })
}

/** next-auth's form, whose own code for the browser weighs ten times as much. */
async function signOut(callbackUrl: string): Promise<void> {
  const csrf = await fetch('/api/auth/csrf')
  const { csrfToken } = (await csrf.json()) as { csrfToken: string }
  const body = new URLSearchParams({ csrfToken, callbackUrl, json: 'true' })
  const answer = await fetch('/api/auth/signout', { method: 'POST', body })
  const { url } = (await answer.json()) as { url: string }
  location.assign(url)
}

/** Ends the session on the server and goes to the sign-in page, unless another page is named. */
export function useSignOut(callbackUrl = paths.login()) {
  return useMutation({ mutationFn: () => signOut(callbackUrl) })
}
