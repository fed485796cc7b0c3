import type { QueryClient } from '@tanstack/react-query'
import { urlAskedBy } from './call.ts'

/** The URLs that the open screen reads, each once, without what its frame reads about the viewer. */
export function urlsOfScreen(client: QueryClient): string[] {
  const urls = client
    .getQueryCache()
    .findAll({ type: 'active' })
    .map(({ options, queryKey }) => {
      const { queryFn } = options
      if (typeof queryFn !== 'function') return undefined
      // Aborted, so that a query which first waits for something else fetches nothing either.
      return urlAskedBy(() => queryFn({ client, queryKey, signal: AbortSignal.abort(), meta: undefined }))
    })
  // The frame asks before the screen.
  return [...new Set(urls.toReversed())].filter((url) => url !== undefined && !/^\/me(\/|\?|$)/.test(url)) as string[]
}
