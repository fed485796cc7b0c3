import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../call.ts'
import { createPasskey } from './webauthn.ts'

const key = ['me', 'factors'] as const

export const factorsQuery = () => queryOptions({ queryKey: key, queryFn: ({ signal }) => call('GET /me/factors', { signal }) })

/** Reloads the user's factors after every change. */
function useFactorMutation<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: key }) })
}

/** Reloads nothing: the app does not count yet. The secret is shown once. */
export const useStartTotp = () => useMutation({ mutationFn: () => call('POST /me/totp', {}) })

export const useConfirmTotp = () => useFactorMutation((body: { code: string }) => call('POST /me/totp/confirmation', { body }))

export const useRemoveTotp = () => useFactorMutation(() => call('DELETE /me/totp', {}))

export const useRenewRecoveryCodes = () => useFactorMutation(() => call('POST /me/recovery-codes', {}))

/** Calls the server, the browser, and the server again. */
export const useAddPasskey = () =>
  useFactorMutation(async ({ name }: { name: string }) => {
    const credential = await createPasskey(await call('POST /me/passkeys/options', {}))
    return call('POST /me/passkeys', { body: { name, credential } })
  })

export const useRenamePasskey = (passkeyId: string) =>
  useFactorMutation((body: { name: string }) => call('PATCH /me/passkeys/{passkeyId}', { params: { passkeyId }, body }))

export const useRemovePasskey = () =>
  useFactorMutation((passkeyId: string) => call('DELETE /me/passkeys/{passkeyId}', { params: { passkeyId } }))
