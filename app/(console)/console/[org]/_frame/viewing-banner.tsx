'use client'

import { useQuery } from '@tanstack/react-query'
import { Glasses } from 'lucide-react'
import { Button } from '#components/ui/button'
import { Time } from '#components/ui/time'
import { meQuery } from '#queries/accounts/me'
import { useStopViewing } from '#queries/accounts/view-as'

/** Milliseconds after the view's expiry at which the page checks that it has ended. */
const GRACE = 1000

/** On every page while the session views the project as another member: as whom, until when, and how to stop. */
export function ViewingBanner() {
  const { data } = useQuery({
    ...meQuery(),
    // When the view expires by itself, all data on the page reloads.
    refetchInterval: ({ state }) =>
      state.data?.viewing ? Math.max(GRACE, Date.parse(state.data.viewing.expiresAt) - Date.now() + GRACE) : false,
  })
  const stop = useStopViewing()
  if (!data?.viewing) return null
  const { user, project, expiresAt } = data.viewing
  return (
    <section
      aria-label="Viewing as another person"
      className="sticky top-12 z-10 flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-accent-line bg-accent-soft px-4 py-2 text-accent-ink sm:px-6"
    >
      <Glasses aria-hidden className="size-4 shrink-0" />
      <p className="min-w-0 flex-1 text-pretty wrap-anywhere">
        You see {project.name} as <strong className="font-semibold">{user.name}</strong>. You can’t change anything. Ends{' '}
        <Time value={expiresAt} />.{stop.error && <span role="alert"> {stop.error.message}</span>}
      </p>
      <Button
        size="sm"
        pending={stop.isPending || stop.isSuccess}
        onClick={() => stop.mutate(undefined, { onSuccess: () => location.reload() })}
      >
        Stop viewing
      </Button>
    </section>
  )
}
