'use client'

import { Tooltip } from '@base-ui/react/tooltip'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ThemeProvider } from 'next-themes'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { ToastProvider } from '#components/ui/toast'

/** An answer below 500 will be the same when asked again. */
const worthRetrying = (error: Error) => !('status' in error && typeof error.status === 'number' && error.status < 500)

const newQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && worthRetrying(error),
        // Without a connection a request should fail and say so, not wait silently.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })

/** What the whole console stands on: theme, queries, URL state, tooltips, toasts. */
export function Providers({ nonce, children }: { nonce?: string; children: ReactNode }) {
  const [queryClient] = useState(newQueryClient)
  return (
    <ThemeProvider attribute="data-theme" defaultTheme="system" disableTransitionOnChange nonce={nonce}>
      <QueryClientProvider client={queryClient}>
        <NuqsAdapter>
          <Tooltip.Provider delay={400}>
            <ToastProvider>{children}</ToastProvider>
          </Tooltip.Provider>
        </NuqsAdapter>
      </QueryClientProvider>
    </ThemeProvider>
  )
}
