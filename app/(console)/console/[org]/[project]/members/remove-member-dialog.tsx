'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { MadeThings, hasMade, revokedInWords } from '#components/access/made-things'
import { ConfirmCall } from '#components/ui/confirm-call'
import type { Revocable } from '#contract/members/made-by'
import { paths } from '#contract/paths'
import { useNow } from '#components/ui/time'
import { useToast } from '#components/ui/toast'
import { memberMadeQuery, useRemoveMember, useUndoRemoval } from '#queries/members/members'
import type { MemberRow } from './member-columns.tsx'
import type { InProject } from './in-project.ts'

/** Removes one person's access, or the caller's own. */
export function RemoveMemberDialog({ org, project, member, onClose }: InProject & { member: MemberRow }) {
  const router = useRouter()
  const { name, email, self, userId } = member
  const made = useQuery(memberMadeQuery(org, project, userId))
  const [revoke, setRevoke] = useState<Revocable[]>([])
  const toast = useToast()
  const undo = useUndoRemoval(org, project)
  const now = useNow()
  // Nobody can be added with an expiry in the past, and their access was over anyway.
  const isOver = member.expiresAt !== null && now !== null && Date.parse(member.expiresAt) <= now
  const bringBack = () =>
    undo.mutateAsync(userId).then(
      () => toast(`${name} is a member again`, { description: 'With the same role, environment, cells and expiry as before.' }),
      (error: Error) => toast(`${name} wasn’t added again`, { description: error.message }),
    )
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
      toastDetail={revoke.length > 0 && !self ? 'An undo brings back their access, not what was revoked.' : undefined}
      toastAction={self || isOver ? undefined : { label: 'Undo', onClick: () => void bringBack() }}
      onClose={onClose}
      onDone={() => self && router.push(paths.projects(org))}
    >
      {hasMade(made.data) && (
        <MadeThings {...{ self, project, revoke }} made={made.data} error={made.error} onRevoke={setRevoke} />
      )}
    </ConfirmCall>
  )
}
