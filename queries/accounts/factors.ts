import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { factorOperations } from '#contract/accounts/factors'
import { call } from '../call.ts'
import { createPasskey } from './webauthn.ts'

const key = ['me', 'factors'] as const

export const factorsQuery = () => queryOptions({ queryKey: key, queryFn: ({ signal }) => call(factorOperations.get, { signal }) })

/** Reloads the user's factors after every change. */
function useFactorMutation<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: key }) })
}

/** Reloads nothing: the app does not count yet. The secret is shown once. */
export const useStartTotp = () => useMutation({ mutationFn: () => call(factorOperations.startTotp, {}) })

export const useConfirmTotp = () => useFactorMutation((body: { code: string }) => call(factorOperations.confirmTotp, { body }))

export const useRemoveTotp = () => useFactorMutation(() => call(factorOperations.removeTotp, {}))

export const useRenewRecoveryCodes = () => useFactorMutation(() => call(factorOperations.renewRecoveryCodes, {}))

/** Calls the server, the browser, and the server again. */
export const useAddPasskey = () =>
  useFactorMutation(async ({ name }: { name: string }) => {
    const credential = await createPasskey(await call(factorOperations.startPasskey, {}))
    return call(factorOperations.addPasskey, { body: { name, credential } })
  })

export const useRenamePasskey = (passkeyId: string) =>
  useFactorMutation((body: { name: string }) => call(factorOperations.renamePasskey, { params: { passkeyId }, body }))

export const useRemovePasskey = () =>
  useFactorMutation((passkeyId: string) => call(factorOperations.removePasskey, { params: { passkeyId } }))
