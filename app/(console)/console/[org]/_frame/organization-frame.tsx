'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQuery } from '@tanstack/react-query'
import { BookOpen, KeyRound, LockKeyhole, LogOut, MonitorSmartphone } from 'lucide-react'
import { useParams, usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { ConsoleFrame } from '#components/frame/console-frame'
import { paths } from '#contract/paths'
import { meQuery } from '#queries/accounts/me'
import { organizationQuery } from '#queries/organizations/organizations'
import { useSignOut } from '#queries/accounts/session'
import { NotFoundMessage } from '../not-found-message.tsx'
import { NoticeBell } from './notice-bell.tsx'
import { ConfirmIdentity } from './confirm-identity.tsx'
import { SessionEnded } from './session-ended.tsx'
import { usePalette } from './use-palette.tsx'
import { useCurrentPlace } from './use-current-place.ts'
import { ViewingBanner } from './viewing-banner.tsx'

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
  const palette = usePalette({
    org,
    project,
    onCreateProject: () => setCreating(true),
    onSignOut: () => signOut.mutate(),
  })
  const account = {
    name: me.data?.name ?? '…',
    email: me.data?.email ?? '',
    items: [
      { label: 'Personal tokens', icon: <KeyRound aria-hidden />, href: paths.organization(org).personalTokens },
      { label: 'Sign-in', icon: <LockKeyhole aria-hidden />, href: paths.organization(org).signIn },
      { label: 'Sessions', icon: <MonitorSmartphone aria-hidden />, href: paths.organization(org).sessions },
      { label: 'API documentation', icon: <BookOpen aria-hidden />, href: paths.docs },
      { label: 'Sign out', icon: <LogOut aria-hidden />, separated: true, onSelect: () => signOut.mutate() },
    ],
  }
  const isUnknown = organization.error?.status === 404
  return (
    <ConsoleFrame
      {...where}
      {...palette}
      account={account}
      bell={<NoticeBell />}
      notice={me.error?.status === 401 ? <SessionEnded /> : <ViewingBanner />}
    >
      {isUnknown ? (
        <NotFoundMessage what="organization" href={paths.console} label="Go to your organization" />
      ) : (
        <>
          {children}
          {creating && <CreateProjectDialog org={org} onClose={() => setCreating(false)} />}
          <ConfirmIdentity />
        </>
      )}
    </ConsoleFrame>
  )
}
