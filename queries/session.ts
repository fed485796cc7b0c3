import { useMutation } from '@tanstack/react-query'
import { signOut } from 'next-auth/react'
import type { z } from 'zod'
import { type SignIn, sessionOperations } from '#contract/sessions'
import { call } from './call.ts'

/** Email and password for a session cookie. Says the same whichever of the two is wrong. */
export function useSignIn() {
  return useMutation({ mutationFn: (body: z.input<typeof SignIn>) => call(sessionOperations.signIn, { body }) })
}

/** Ends the session on the server too, then leaves: for the sign-in page, where nothing else is named. */
export function useSignOut(callbackUrl = '/login') {
  return useMutation({ mutationFn: async () => signOut({ callbackUrl }) })
}
