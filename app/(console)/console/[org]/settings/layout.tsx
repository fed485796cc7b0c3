'use client'

import { IsRestoringProvider, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { EmptyState } from '#components/ui/empty-state'
import { ButtonLink } from '#components/ui/link'
import { paths } from '#contract/paths'
import { meQuery } from '#queries/accounts/me'

/**
 * The organization's own screens and the user's own. The API refuses them all while the session views a project as another
 * member, so nothing loads until it is known that it does not.
 */
export default function SettingsLayout({ children }: { children: ReactNode }) {
  const me = useQuery(meQuery())
  const viewing = me.data?.viewing
  if (!viewing) return <IsRestoringProvider value={me.isPending}>{children}</IsRestoringProvider>
  const { organization, project, user } = viewing
  return (
    <div className="pt-16">
      <h1 className="sr-only">Not available while you view as {user.name}</h1>
      <EmptyState
        title={`You see ${project.name} as ${user.name}`}
        action={<ButtonLink href={paths.project(organization.slug, project.slug).overview}>Go to {project.name}</ButtonLink>}
      >
        You can only look at this project. To do anything else, stop viewing.
      </EmptyState>
    </div>
  )
}
