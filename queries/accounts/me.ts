import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { Reauthenticate } from '#contract/accounts/factors'
import type { ChangePassword, SetUp } from '#contract/accounts/me'
import { call } from '../call.ts'
import { presentPasskey } from './webauthn.ts'

export const meQuery = () => queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => call('GET /me', { signal }) })

/** Confirms the user's identity, which allows destructive and granting actions for ten minutes. */
export function useReauthenticate() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (given: z.input<typeof Reauthenticate> | 'passkey') => {
      const body =
        given === 'passkey' ? { passkey: await presentPasskey(await call('POST /me/reauthentication/options', {})) } : given
      return call('POST /me/reauthentication', { body })
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['me'] }),
  })
}

/** Ends the other sessions too. */
export function useChangePassword() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof ChangePassword>) => call('PUT /me/password', { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['me'] }),
  })
}

export function useSetUp() {
  return useMutation({ mutationFn: (body: z.input<typeof SetUp>) => call('POST /setup/owner', { body }) })
}
