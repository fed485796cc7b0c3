import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { sessionOperations } from '#contract/accounts/sessions'
import { call, callPage } from '../call.ts'

const key = ['me', 'sessions'] as const

export const sessionsQuery = (cursor?: string) =>
  queryOptions({
    queryKey: [...key, cursor ?? null],
    queryFn: ({ signal }) => callPage(sessionOperations.list, { query: { cursor }, signal }),
  })

export function useRevokeSession() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (sessionId: string) => call(sessionOperations.revoke, { params: { sessionId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  })
}

/** Signs out everywhere else. */
export function useRevokeOtherSessions() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call(sessionOperations.revokeOthers, {}),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  })
}
