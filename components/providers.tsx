'use client'

import { CSPProvider } from '@base-ui/react/csp-provider'
import { Tooltip } from '@base-ui/react/tooltip'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ThemeProvider } from 'next-themes'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { ToastProvider } from '#components/ui/toast'
import { UnsavedText } from '#components/ui/unsaved'
import { paths } from '#contract/paths'
import { useComposedKeys } from './form/use-composed-keys.ts'
import { retryDelay, worthRetrying } from './retry.ts'

const hasCode = (error: Error, code: string) => 'code' in error && error.code === code

/** The frame, which watches these queries, handles the loss of an organization. */
const ofOrganizations = { predicate: ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[2] === 'organization' }

/** A form may hold typed text. Then the page stays, and the frame shows above it that the session has ended. */
const mayLeave = () => !document.querySelector('form, [role="dialog"], [role="alertdialog"]')

/** Milliseconds for which an answer is not asked for again. */
const FRESH = 10_000

const newQueryClient = () => {
  const queryCache = new QueryCache({
    onError: (error, query) => {
      if (hasCode(error, 'organization_not_found') && query.queryKey[2] !== 'organization')
        void client.invalidateQueries(ofOrganizations)
      if (!hasCode(error, 'unauthenticated')) return
      if (query.state.data === undefined && mayLeave()) location.assign(paths.login(location.pathname + location.search))
      // The frame watches who is signed in.
      else if (query.queryKey[0] !== 'me') void client.invalidateQueries({ queryKey: ['me'] })
    },
  })
  const mutationCache = new MutationCache({
    onError: (error) => {
      if (hasCode(error, 'unauthenticated')) void client.invalidateQueries({ queryKey: ['me'] })
      if (hasCode(error, 'organization_not_found')) void client.invalidateQueries(ofOrganizations)
    },
  })
  const client = new QueryClient({
    queryCache,
    mutationCache,
    defaultOptions: {
      queries: {
        // Rows in the HTML carry the server's time. In a browser whose clock is far behind, they would seem fresh for hours.
        staleTime: ({ state }) => (state.dataUpdatedAt > Date.now() + FRESH ? 0 : FRESH),
        retry: worthRetrying,
        retryDelay,
        // Without a connection, a request should fail visibly and not wait silently.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
  return client
}

interface ProvidersProps {
  /** Allows the page's own inline scripts and styles; absent where no policy needs it. */
  nonce: string | undefined
  children: ReactNode
}

/** The providers of the whole console: theme, queries, URL state, tooltips, toasts, and what keeps typed text. */
export function Providers({ nonce, children }: ProvidersProps) {
  const [queryClient] = useState(newQueryClient)
  useComposedKeys()
  return (
    <ThemeProvider attribute="data-theme" defaultTheme="system" disableTransitionOnChange nonce={nonce}>
      <QueryClientProvider client={queryClient}>
        <NuqsAdapter>
          <CSPProvider nonce={nonce}>
            <Tooltip.Provider delay={400}>
              <ToastProvider>
                <UnsavedText>{children}</UnsavedText>
              </ToastProvider>
            </Tooltip.Provider>
          </CSPProvider>
        </NuqsAdapter>
      </QueryClientProvider>
    </ThemeProvider>
  )
}
