import { useMutation } from '@tanstack/react-query'
import { signOut } from 'next-auth/react'
import type { z } from 'zod'
import type { SecondFactor } from '#contract/accounts/factors'
import { type SignIn, sessionOperations } from '#contract/accounts/sessions'
import { call } from '../call.ts'
import { presentPasskey } from './webauthn.ts'

/** Email and password for a session cookie. Says the same whichever of the two is wrong. */
export function useSignIn() {
  return useMutation({ mutationFn: (body: z.input<typeof SignIn>) => call(sessionOperations.signIn, { body }) })
}

/** After the password: a code, or one of one's passkeys. */
export function useSecondStep() {
  return useMutation({
    mutationFn: async (given: z.input<typeof SecondFactor> | 'passkey') => {
      const body =
        given === 'passkey' ? { passkey: await presentPasskey(await call(sessionOperations.startSecondStep, {})) } : given
      return call(sessionOperations.secondStep, { body })
    },
  })
}

/** Without email or password: the browser offers the passkeys that it has for us. */
export function usePasskeySignIn() {
  return useMutation({
    mutationFn: async () => {
      const credential = await presentPasskey(await call(sessionOperations.startPasskey, {}))
      return call(sessionOperations.signInWithPasskey, { body: { credential } })
    },
  })
}

/** Ends the session on the server too, then leaves: for the sign-in page, where nothing else is named. */
export function useSignOut(callbackUrl = '/login') {
  return useMutation({ mutationFn: async () => signOut({ callbackUrl }) })
}
