import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { type Reauthenticate, factorOperations } from '#contract/accounts/factors'
import { type ChangePassword, type SetUp, meOperations } from '#contract/accounts/me'
import { call } from '../call.ts'
import { presentPasskey } from './webauthn.ts'

export const meQuery = () => queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => call(meOperations.get, { signal }) })

/** Confirms the user's identity, which allows destructive and granting actions for ten minutes. */
export function useReauthenticate() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (given: z.input<typeof Reauthenticate> | 'passkey') => {
      const body =
        given === 'passkey' ? { passkey: await presentPasskey(await call(factorOperations.startReauthentication, {})) } : given
      return call(meOperations.reauthenticate, { body })
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['me'] }),
  })
}

/** Ends the other sessions too. */
export function useChangePassword() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof ChangePassword>) => call(meOperations.changePassword, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['me'] }),
  })
}

export function useSetUp() {
  return useMutation({ mutationFn: (body: z.input<typeof SetUp>) => call(meOperations.setUp, { body }) })
}
