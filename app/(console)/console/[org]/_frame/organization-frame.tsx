'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQuery } from '@tanstack/react-query'
import { BookOpen, Keyboard, LogOut } from 'lucide-react'
import { useParams, usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { ConsoleFrame } from '#components/frame/console-frame'
import { IconButton } from '#components/ui/icon-button'
import { paths } from '#contract/paths'
import { meQuery } from '#queries/accounts/me'
import { organizationQuery } from '#queries/organizations/organizations'
import { useSignOut } from '#queries/accounts/session'
import { NotFoundMessage } from '../not-found-message.tsx'
import { NoticeBell } from './notice-bell.tsx'
import { ConfirmIdentity } from './confirm-identity.tsx'
import { SessionEnded } from './session-ended.tsx'
import { accountScreens, shortcutsOf } from './screens.tsx'
import { forgetRecents } from './kept-recents.ts'
import { useCurrentPlace } from './use-current-place.ts'
import { ViewingBanner } from './viewing-banner.tsx'

const OrganizationPalette = lazyDialog(() => import('./palette.tsx').then((module) => module.OrganizationPalette))
const RequestsPanel = lazyDialog(() => import('./requests-panel.tsx').then((module) => module.RequestsPanel))
const CreateProjectDialog = lazyDialog(() => import('../create-project.tsx').then((module) => module.CreateProjectDialog))

/** The frame of every screen of an organization and its projects. */
export function OrganizationFrame({ org, children }: { org: string; children: ReactNode }) {
  const { project } = useParams<{ project?: string }>()
  const pathname = usePathname()
  const me = useQuery(meQuery())
  const organization = useQuery(organizationQuery(org))
  const signOut = useSignOut()
  const [creating, setCreating] = useState(false)
  const where = useCurrentPlace({ org, project, pathname })
  const [showsKeys, setShowsKeys] = useState(false)
  const [showsRequests, setShowsRequests] = useState(false)
  const leave = () => {
    forgetRecents()
    signOut.mutate()
  }
  const account = {
    name: me.data?.name ?? '…',
    email: me.data?.email ?? '',
    items: [
      ...accountScreens(org).map(({ label, icon, href }) => ({ label, icon, href })),
      { label: 'Keyboard shortcuts', icon: <Keyboard aria-hidden />, onSelect: () => setShowsKeys(true), separated: true },
      { label: 'API documentation', icon: <BookOpen aria-hidden />, href: paths.docs },
      { label: 'Sign out', icon: <LogOut aria-hidden />, separated: true, onSelect: leave },
    ],
  }
  const isUnknown = organization.error?.status === 404
  return (
    <ConsoleFrame
      {...where}
      renderPalette={(opened) => (
        <OrganizationPalette
          {...opened}
          {...{ org, project }}
          onCreateProject={() => setCreating(true)}
          onShortcuts={() => setShowsKeys(true)}
          onRequests={() => setShowsRequests(true)}
          onSignOut={leave}
        />
      )}
      shortcuts={shortcutsOf(org, project)}
      showsKeys={showsKeys}
      onShowKeys={setShowsKeys}
      account={account}
      bell={
        <>
          <IconButton
            className="max-sm:hidden"
            label="API requests of this screen"
            icon={<BookOpen className="size-4" />}
            aria-haspopup="dialog"
            onClick={() => setShowsRequests(true)}
          />
          <NoticeBell />
        </>
      }
      notice={me.error?.status === 401 ? <SessionEnded /> : <ViewingBanner />}
    >
      {isUnknown ? (
        <NotFoundMessage what="organization" href={paths.console} label="Go to your organization" />
      ) : (
        <>
          {children}
          {creating && <CreateProjectDialog org={org} onClose={() => setCreating(false)} />}
          {showsRequests && <RequestsPanel onClose={() => setShowsRequests(false)} />}
          <ConfirmIdentity />
        </>
      )}
    </ConsoleFrame>
  )
}
