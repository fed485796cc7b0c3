'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { MadeThings, hasMade, revokedInWords } from '#components/access/made-things'
import { ConfirmCall } from '#components/ui/confirm-call'
import type { Revocable } from '#contract/members/made-by'
import { paths } from '#contract/paths'
import { memberMadeQuery, useRemoveMember } from '#queries/members/members'
import type { MemberRow } from './member-columns.tsx'
import type { InProject } from './in-project.ts'

/** Removes one person's access, or the caller's own. */
export function RemoveMemberDialog({ org, project, member, onClose }: InProject & { member: MemberRow }) {
  const router = useRouter()
  const { name, email, self, userId } = member
  const made = useQuery(memberMadeQuery(org, project, userId))
  const [revoke, setRevoke] = useState<Revocable[]>([])
  return (
    <ConfirmCall
      title={self ? `Leave ${project}?` : `Remove ${name} from ${project}?`}
      description={
        self
          ? 'You lose access to this project immediately. Anyone who manages its members can add you again.'
          : `${email} loses access to this project immediately. What they wrote stays, and you can add them again.`
      }
      confirmLabel={self ? 'Leave project' : 'Remove member'}
      call={useRemoveMember(org, project)}
      sent={{ userId, revoke }}
      toast={({ revoked }) => `${self ? `You left ${project}` : `${name} was removed`}${revokedInWords(revoked)}`}
      onClose={onClose}
      onDone={() => self && router.push(paths.projects(org))}
    >
      {hasMade(made.data) && (
        <MadeThings {...{ self, project, revoke }} made={made.data} error={made.error} onRevoke={setRevoke} />
      )}
    </ConfirmCall>
  )
}
