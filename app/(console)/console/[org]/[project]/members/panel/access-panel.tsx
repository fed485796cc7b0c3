'use client'

import { useQuery } from '@tanstack/react-query'
import { ScanEye } from 'lucide-react'
import { Avatar } from '#components/ui/avatar'
import { Button } from '#components/ui/button'
import { ButtonLink } from '#components/ui/link'
import { Notice } from '#components/ui/notice'
import { SidePanel } from '#components/ui/side-panel'
import { SkeletonText } from '#components/ui/skeleton'
import { paths } from '#contract/paths'
import { currentMemberQuery } from '#queries/members/members'
import { accessQuery } from '#queries/review/access'
import type { InProject } from '../in-project.ts'
import { changeReason } from '../member-actions.tsx'
import { AccessFacts } from './access-facts.tsx'
import { AccessForm } from './access-form.tsx'

/** The access of one member: role, environment, expiry and cells, and what happened to it. */
export function AccessPanel({ org, project, access, userId, onClose }: InProject & { userId: string }) {
  const current = useQuery(currentMemberQuery(org, project, userId))
  const self = useQuery(accessQuery(org, project)).data?.userId === userId
  const gone = current.error?.status === 404
  const member = current.data?.item
  const reason = member && changeReason({ ...member, self }, access)
  return (
    <SidePanel
      open
      onOpenChange={() => onClose()}
      width="lg"
      title={
        member ? (
          <span className="flex items-center gap-2.5">
            <Avatar name={member.name || member.email} />
            <span className="min-w-0 wrap-anywhere">{`Access of ${member.name}`}</span>
          </span>
        ) : gone ? (
          'No such member'
        ) : (
          'Access'
        )
      }
      description={member?.email}
    >
      {member && (self || access.can['members:manage'].allowed) && (
        <div className="mb-4">
          <ButtonLink size="sm" icon={<ScanEye className="size-3.5" />} href={paths.project(org, project).member(userId)}>
            What they can do and see
          </ButtonLink>
        </div>
      )}
      {current.data && reason === null ? (
        <AccessForm
          key={userId}
          {...{ org, project, access, gone, onClose }}
          current={current.data}
          reload={() => void current.refetch()}
        />
      ) : member && reason ? (
        <AccessFacts {...{ org, project, access, member, reason }} />
      ) : gone ? (
        <p className="text-muted">
          This person isn’t a member of this project. They may have been removed, or have left. You can add people of the
          organization again with “Add member”.
        </p>
      ) : current.error ? (
        <Notice tone="warning" action={<Button onClick={() => void current.refetch()}>Try again</Button>}>
          {current.error.message}
        </Notice>
      ) : (
        <SkeletonText label="Loading access" lines={8} />
      )}
    </SidePanel>
  )
}
