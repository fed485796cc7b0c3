import { useMutation } from '@tanstack/react-query'
import { signIn, signOut } from 'next-auth/react'
import { ApiError } from './call.ts'

/** Email and password for a session cookie. Says the same whichever of the two is wrong. */
export function useSignIn() {
  return useMutation({
    mutationFn: async (given: { email: string; password: string }) => {
      const result = await signIn('credentials', { ...given, redirect: false }).catch(() => undefined)
      if (result?.ok && !result.error) return
      if (result?.status === 401) {
        throw new ApiError(401, {
          error: 'That email and password do not fit together',
          code: 'wrong_credentials',
          requestId: null,
        })
      }
      throw new ApiError(result?.status ?? 0, {
        error: 'Signing in did not work. Try again in a moment',
        code: 'unavailable',
        requestId: null,
      })
    },
  })
}

/** Ends the session on the server too, then leaves: for the sign-in page, where nothing else is named. */
export function useSignOut(callbackUrl = '/login') {
  return useMutation({ mutationFn: async () => signOut({ callbackUrl }) })
}
