'use client'

import { useQuery } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { CellScopes } from '#components/access/scope'
import { RoleBadge } from '#components/access/role'
import { Actor } from '#components/actor'
import { Badge } from '#components/ui/badge'
import { Link } from '#components/ui/link'
import { Skeleton } from '#components/ui/skeleton'
import { Time } from '#components/ui/time'
import { WipeState, wipeInWords } from '#components/wipes/wipe-state'
import { paths } from '#contract/paths'
import { accessQuery } from '#queries/review/access'
import { wipesQuery } from '#queries/nuke/nuke'
import { protectionQuery } from '#queries/projects/projects'
import type { ProjectPath } from './project-path.ts'

/** Three facts side by side: the caller's access, the project's protection, and its last nuke. */
export function ProjectState({ org, project }: ProjectPath) {
  return (
    <dl className="grid overflow-hidden rounded-lg border border-line bg-raised md:grid-cols-3 [&>div]:-mt-px [&>div]:border-t [&>div]:border-line md:[&>div]:border-l md:[&>div]:-ml-px">
      <YourAccess org={org} project={project} />
      <Protection org={org} project={project} />
      <LastWipe org={org} project={project} />
    </dl>
  )
}

function Fact({ label, pending, children }: { label: string; pending: boolean; children: ReactNode }) {
  return (
    <div className="px-4 py-3">
      <dt className="text-xs text-faint">{label}</dt>
      <dd className="mt-1 flex min-h-5 flex-wrap items-center gap-x-2 gap-y-1">
        {pending ? <Skeleton className="my-0.5 h-4 w-36" /> : children}
      </dd>
    </div>
  )
}

function YourAccess({ org, project }: ProjectPath) {
  const { data, error, isPending } = useQuery(accessQuery(org, project))
  return (
    <Fact label="Your access" pending={isPending}>
      {error?.message}
      {data?.role && (
        <>
          <RoleBadge role={data.role} />
          {data.envName && <span>in {data.envName}</span>}
          {data.cellScopes && <CellScopes cells={data.cellScopes} />}
          {data.source === 'organization' && <span className="text-muted">through the organization</span>}
          {data.expiresAt && (
            <span className="text-muted">
              ends <Time value={data.expiresAt} />
            </span>
          )}
        </>
      )}
    </Fact>
  )
}

function Protection({ org, project }: ProjectPath) {
  const { data, error, isPending } = useQuery(protectionQuery(org, project))
  return (
    <Fact label="Protection" pending={isPending}>
      {error?.message}
      {data?.protected && (
        <>
          <Badge tone="strong" icon={<ShieldCheck aria-hidden className="size-3" />}>
            Protected
          </Badge>
          <span className="wrap-anywhere text-muted">{data.reason ?? 'Can’t be nuked or deleted'}</span>
        </>
      )}
      {data && !data.protected && (
        <>
          <Badge dot="off">Not protected</Badge>
          <Link href={paths.project(org, project).settings}>Settings</Link>
        </>
      )}
    </Fact>
  )
}

/** Only callers who may nuke may read the receipts. */
function LastWipe({ org, project }: ProjectPath) {
  const why = useQuery(accessQuery(org, project)).data?.can['apply:write']
  const { data, error, isPending } = useQuery({ ...wipesQuery(org, project), enabled: why?.allowed ?? false })
  const last = data?.items[0]
  return (
    <Fact label="Last nuke" pending={isPending && !why?.reason}>
      {error?.message}
      {why?.reason && <span className="text-muted">{why.reason}</span>}
      {data && !last && <span className="text-muted">Never</span>}
      {last && (
        <>
          <span>{wipeInWords[last.reason]}</span>
          <Time value={last.wipedAt} />
          <Actor actor={last.wipedBy} />
          <WipeState wipe={last} />
          <Link href={paths.project(org, project).wipes}>Receipts</Link>
        </>
      )}
    </Fact>
  )
}
