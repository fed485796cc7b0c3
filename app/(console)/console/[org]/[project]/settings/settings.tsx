'use client'

import { useQuery } from '@tanstack/react-query'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { PageHeader } from '#components/ui/page-header'
import { SkeletonCard } from '#components/ui/skeleton'
import { accessQuery } from '#queries/review/access'
import { wipesQuery } from '#queries/nuke/nuke'
import { projectQuery, protectionQuery } from '#queries/projects/projects'
import { repoLinksQuery } from '#queries/projects/repo-links'
import { DangerZone } from './danger-zone.tsx'
import { GeneralForm } from './general-form.tsx'
import { LastWipe } from './last-wipe.tsx'
import { Protection } from './protection.tsx'
import { RepoLinks } from './repo-links.tsx'

/** Name, metadata, repositories and protection; the destructive actions come last. */
export function Settings(at: { org: string; project: string }) {
  const project = useQuery(projectQuery(at.org, at.project))
  const access = useQuery(accessQuery(at.org, at.project))
  const protection = useQuery(protectionQuery(at.org, at.project))
  const repoLinks = useQuery(repoLinksQuery(at.org, at.project))
  const mayNuke = access.data?.can['apply:write'].allowed ?? false
  const wipes = useQuery({ ...wipesQuery(at.org, at.project), enabled: mayNuke })
  // Renders everything at once: late content would push the danger zone under the pointer.
  const late = repoLinks.isPending || (mayNuke && wipes.isPending)
  const needed = [project, access, protection]
  const failed = needed.find((query) => query.isError && query.data === undefined)
  const retry = () => needed.forEach((query) => query.isError && void query.refetch())
  return (
    <div className="max-w-200">
      <PageHeader title="Settings" />
      {failed ? (
        <Notice tone="warning" action={<Button onClick={retry}>Try again</Button>}>
          {failed.error?.message}
        </Notice>
      ) : late || !project.data || !access.data || !protection.data ? (
        <div className="space-y-5">
          <SkeletonCard label="Loading settings" lines={6} />
          <SkeletonCard />
          <SkeletonCard />
        </div>
      ) : (
        <div className="space-y-5">
          <GeneralForm {...at} key={project.data.id} current={project.data} can={access.data.can} />
          <RepoLinks {...at} can={access.data.can} />
          <Protection {...at} slug={project.data.slug} protection={protection.data} can={access.data.can} />
          {mayNuke && <LastWipe {...at} slug={project.data.slug} />}
          <DangerZone {...at} slug={project.data.slug} protection={protection.data} can={access.data.can} />
        </div>
      )}
    </div>
  )
}
