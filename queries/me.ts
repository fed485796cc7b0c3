import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { type ChangePassword, type SetUp, meOperations } from '#contract/me'
import { call } from './call.ts'

export const meQuery = () => queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => call(meOperations.get, { signal }) })

/** Proves the password again, so that what destroys may follow for ten minutes. */
export function useReauthenticate() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (password: string) => call(meOperations.reauthenticate, { body: { password } }),
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
