import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call, callPage } from '../call.ts'

const key = ['me', 'notices'] as const

/** The number of unread notices; refreshed every 15 seconds while the page is visible. */
export const unreadNoticesQuery = () =>
  queryOptions({
    queryKey: [...key, 'unread'],
    queryFn: ({ signal }) => call('GET /me/notices/unread', { signal }),
    refetchInterval: 15_000,
  })

/** Newest first, page by page. */
export const noticesQuery = () =>
  infiniteQueryOptions({
    queryKey: [...key, 'list'],
    queryFn: ({ signal, pageParam }) =>
      callPage('GET /me/notices', { query: { limit: 20, ...(pageParam !== null && { cursor: pageParam }) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })

export function useMarkNotice() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, read }: { id: string; read: boolean }) =>
      call('PATCH /me/notices/{noticeId}', { params: { noticeId: id }, body: { read } }),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  })
}

export function useMarkAllNotices() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call('POST /me/notices/read', {}),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  })
}
