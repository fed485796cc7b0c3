import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../call.ts'

const key = ['me', 'sign-in-methods'] as const

/** How the caller can sign in: with a password, and with which identities of the provider. */
export const signInMethodsQuery = () =>
  queryOptions({ queryKey: key, queryFn: ({ signal }) => call('GET /me/sign-in-methods', { signal }) })

/** Returns the provider's authorization URL. The callback leads to this path of the console. */
export function useStartLinking() {
  return useMutation({ mutationFn: (next: string) => call('POST /me/identities', { body: { next } }) })
}

export function useUnlinkIdentity() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (identityId: string) => call('DELETE /me/identities/{identityId}', { params: { identityId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  })
}
