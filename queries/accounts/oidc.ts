import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { oidcOperations } from '#contract/accounts/oidc'
import { call } from '../call.ts'

const key = ['me', 'sign-in-methods'] as const

/** How the caller can sign in: with a password, and with which identities of the provider. */
export const signInMethodsQuery = () =>
  queryOptions({ queryKey: key, queryFn: ({ signal }) => call(oidcOperations.methods, { signal }) })

/** Returns the provider's authorization URL. The callback leads to this path of the console. */
export function useStartLinking() {
  return useMutation({ mutationFn: (next: string) => call(oidcOperations.link, { body: { next } }) })
}

export function useUnlinkIdentity() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (identityId: string) => call(oidcOperations.unlink, { params: { identityId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  })
}
