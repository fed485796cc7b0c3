import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { noticeOperations } from '#contract/notices/notices'
import { call, callPage } from '../call.ts'

const key = ['me', 'notices'] as const

/** The number of unread notices; refreshed every 15 seconds while the page is visible. */
export const unreadNoticesQuery = () =>
  queryOptions({
    queryKey: [...key, 'unread'],
    queryFn: ({ signal }) => call(noticeOperations.unread, { signal }),
    refetchInterval: 15_000,
  })

/** Newest first, page by page. */
export const noticesQuery = () =>
  infiniteQueryOptions({
    queryKey: [...key, 'list'],
    queryFn: ({ signal, pageParam }) =>
      callPage(noticeOperations.list, { query: { limit: 20, ...(pageParam !== null && { cursor: pageParam }) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })

export function useMarkNotice() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, read }: { id: string; read: boolean }) =>
      call(noticeOperations.mark, { params: { noticeId: id }, body: { read } }),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  })
}

export function useMarkAllNotices() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call(noticeOperations.markAll, {}),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  })
}
