'use client'

import { useQuery } from '@tanstack/react-query'
import { Bell } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '#components/ui/icon-button'
import { lazyDialog } from '#components/ui/lazy-dialog'
import { unreadNoticesQuery } from '#queries/notices/notices'

const NoticesPanel = lazyDialog(() => import('./notices-panel.tsx').then((module) => module.NoticesPanel))

/** Shows the number of unread notices, and opens them. */
export function NoticeBell() {
  const [open, setOpen] = useState(false)
  const unread = useQuery(unreadNoticesQuery()).data?.unread ?? 0
  const shown = unread > 99 ? '99+' : String(unread)
  return (
    <>
      <span className="relative">
        <IconButton
          label={unread === 0 ? 'Notices' : `Notices, ${shown} unread`}
          icon={<Bell className="size-4" />}
          aria-haspopup="dialog"
          onClick={() => setOpen(true)}
        />
        {unread > 0 && (
          <span
            aria-hidden
            className="pointer-events-none absolute top-0 right-0 grid h-4 min-w-4 place-items-center rounded-full bg-accent px-1 text-[0.625rem] leading-none font-semibold text-on-accent tabular-nums"
          >
            {shown}
          </span>
        )}
      </span>
      <NoticesPanel open={open} unread={unread} onClose={() => setOpen(false)} />
    </>
  )
}
