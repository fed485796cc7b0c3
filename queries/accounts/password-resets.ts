import { queryOptions, useMutation } from '@tanstack/react-query'
import { call } from '../call.ts'

/** The answer does not reveal whether the address has an account. */
export function useRequestPasswordReset() {
  return useMutation({ mutationFn: (email: string) => call('POST /password-resets', { body: { email } }) })
}

/** The account that a reset link is for. */
export const openPasswordResetQuery = (token: string) =>
  queryOptions({
    queryKey: ['password-resets', token],
    queryFn: ({ signal }) => call('GET /password-resets/{token}', { params: { token }, signal }),
    retry: false,
    // The link stops working once it is used.
    refetchOnWindowFocus: false,
  })

export function useResetPassword(token: string) {
  return useMutation({
    mutationFn: (password: string) => call('POST /password-resets/{token}', { params: { token }, body: { password } }),
  })
}
