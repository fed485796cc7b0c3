'use client'

import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import { Badge } from '#components/ui/badge'
import { Button } from '#components/ui/button'
import { ButtonLink } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import { PageHeader } from '#components/ui/page-header'
import { Section } from '#components/ui/section'
import { SkeletonCard } from '#components/ui/skeleton'
import { paths } from '#contract/paths'
import { accessQuery } from '#queries/review/access'
import { AccessStrip } from '../../_access/access-strip.tsx'
import { PermissionList } from '../../_access/permission-list.tsx'
import { TryEntity } from '../../_access/try-entity.tsx'

interface TokenAccessProps {
  org: string
  project: string
  tokenId: string
}

/** What one token may do and see in the project, and why. */
export function TokenAccess({ org, project, tokenId }: TokenAccessProps) {
  const own = useQuery(accessQuery(org, project))
  const may = own.data?.can['tokens:manage']
  const access = useQuery({ ...accessQuery(org, project, { tokenId }), enabled: may?.allowed ?? false })
  const { data } = access
  const failed = own.error ? own : access.error ? access : null
  const back = (
    <ButtonLink href={paths.project(org, project).tokens} icon={<ArrowLeft className="size-3.5" />}>
      All tokens
    </ButtonLink>
  )
  return (
    <>
      <PageHeader
        title={<span className="wrap-anywhere">{data?.from?.name ?? 'Access'}</span>}
        meta={<Badge>token</Badge>}
        description="What this token can do and see in this project, and why."
        actions={back}
      />
      {failed?.error ? (
        <Notice tone="warning" action={<Button onClick={() => void failed.refetch()}>Try again</Button>}>
          {failed.error.message}
        </Notice>
      ) : may && !may.allowed ? (
        <Notice title="Only people who manage tokens can see their access">{may.reason}</Notice>
      ) : (
        <div className="space-y-5">
          {data ? <AccessStrip access={data} /> : <SkeletonCard label="Loading access" lines={3} />}
          <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,22rem)_minmax(0,1fr)]">
            <TryEntity org={org} project={project} whose={{ tokenId }} />
            {data ? (
              <Section title="Permissions" flush>
                <PermissionList can={data.can} destroying={data.destroying} />
              </Section>
            ) : (
              <SkeletonCard label="Loading permissions" lines={12} />
            )}
          </div>
        </div>
      )}
    </>
  )
}
