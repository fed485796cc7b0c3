import { queryOptions, useMutation } from '@tanstack/react-query'
import { passwordResetOperations } from '#contract/accounts/password-resets'
import { call } from '../call.ts'

/** The answer is the same whether anybody has this address. */
export function useRequestPasswordReset() {
  return useMutation({ mutationFn: (email: string) => call(passwordResetOperations.request, { body: { email } }) })
}

/** Whose password the link is for. */
export const openPasswordResetQuery = (token: string) =>
  queryOptions({
    queryKey: ['password-resets', token],
    queryFn: ({ signal }) => call(passwordResetOperations.open, { params: { token }, signal }),
    retry: false,
    // Its own use makes it one of no use.
    refetchOnWindowFocus: false,
  })

export function useResetPassword(token: string) {
  return useMutation({
    mutationFn: (password: string) => call(passwordResetOperations.reset, { params: { token }, body: { password } }),
  })
}
