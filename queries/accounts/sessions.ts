import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, callPage } from '../call.ts'

const key = ['me', 'sessions'] as const

export const sessionsQuery = (cursor?: string) =>
  queryOptions({
    queryKey: [...key, cursor ?? null],
    queryFn: ({ signal }) => callPage('GET /me/sessions', { query: { cursor }, signal }),
  })

export function useRevokeSession() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (sessionId: string) => call('DELETE /me/sessions/{sessionId}', { params: { sessionId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  })
}

/** Signs out everywhere else. */
export function useRevokeOtherSessions() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call('DELETE /me/sessions', {}),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  })
}
