'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, Glasses, SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import { RoleBadge } from '#components/access/role'
import { Avatar } from '#components/ui/avatar'
import { Badge } from '#components/ui/badge'
import { Button } from '#components/ui/button'
import { ButtonLink } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import { PageHeader } from '#components/ui/page-header'
import { Section } from '#components/ui/section'
import { SkeletonCard } from '#components/ui/skeleton'
import { paths } from '#contract/paths'
import { accessQuery } from '#queries/review/access'
import { memberQuery } from '#queries/members/members'
import { AccessStrip } from '../../_access/access-strip.tsx'
import { PermissionList } from '../../_access/permission-list.tsx'
import { TryEntity } from '../../_access/try-entity.tsx'
import { viewAsReason } from '../view-as-reason.ts'

const ViewAsDialog = lazyDialog(() => import('../view-as-dialog.tsx').then((module) => module.ViewAsDialog))

interface MemberAccessProps {
  org: string
  project: string
  userId: string
}

/** What one person may do and see in the project, and why. */
export function MemberAccess({ org, project, userId }: MemberAccessProps) {
  const own = useQuery(accessQuery(org, project))
  const self = own.data?.userId === userId
  const mayLook = self || Boolean(own.data?.can['members:manage'].allowed)
  const access = useQuery({ ...accessQuery(org, project, { userId }), enabled: mayLook })
  const member = useQuery(memberQuery(org, project, userId))
  const [asking, setAsking] = useState(false)
  const back = (
    <ButtonLink href={paths.project(org, project).members} icon={<ArrowLeft className="size-3.5" />}>
      All members
    </ButtonLink>
  )

  const failed = [own, member, access].find((query) => query.error)
  if (failed?.error) {
    return (
      <>
        <PageHeader title="Access" actions={back} />
        <Notice tone="warning" action={<Button onClick={() => void failed.refetch()}>Try again</Button>}>
          {failed.error.message}
        </Notice>
      </>
    )
  }
  return (
    <>
      <PageHeader
        title={
          member.data ? (
            <span className="flex items-center gap-2.5">
              <Avatar name={member.data.name} />
              <span className="wrap-anywhere">{member.data.name}</span>
            </span>
          ) : (
            'Access'
          )
        }
        meta={self && <Badge>you</Badge>}
        description={`${member.data ? `${member.data.email}: what` : 'What'} this person can do and see in this project, and why.`}
        actions={
          <>
            {back}
            {own.data?.can['members:manage'].allowed && (
              <ButtonLink
                href={paths.project(org, project).memberPanel(userId)}
                icon={<SlidersHorizontal className="size-3.5" />}
              >
                Change access
              </ButtonLink>
            )}
            <Button
              icon={<Glasses className="size-3.5" />}
              disabledReason={own.data ? viewAsReason(own.data, self) : 'Still loading'}
              onClick={() => setAsking(true)}
            >
              View as
            </Button>
          </>
        }
      />
      {own.data && !mayLook ? (
        <Notice title="Only people who manage members can see the access of others">
          {own.data.can['members:manage'].reason}
        </Notice>
      ) : (
        <div className="space-y-5">
          {access.data && member.data ? (
            <AccessStrip access={access.data} ended={member.data.expiresAt}>
              {member.data.source === 'project' && access.data.source === 'organization' && (
                <>
                  This person is also a member of this project, as <RoleBadge role={member.data.role} />. Their role in the
                  organization gives them more, so it applies instead.
                </>
              )}
            </AccessStrip>
          ) : (
            <SkeletonCard label="Loading access" lines={3} />
          )}
          <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,22rem)_minmax(0,1fr)]">
            <TryEntity org={org} project={project} whose={{ userId }} />
            {access.data ? (
              <Section title="Permissions" flush>
                <PermissionList can={access.data.can} destroying={access.data.destroying} />
              </Section>
            ) : (
              <SkeletonCard label="Loading permissions" lines={12} />
            )}
          </div>
        </div>
      )}
      {asking && member.data && <ViewAsDialog {...{ org, project }} person={member.data} onClose={() => setAsking(false)} />}
    </>
  )
}
