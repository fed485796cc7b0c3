'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { MadeThings, hasMade, revokedInWords } from '#components/access/made-things'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { useToast } from '#components/ui/toast'
import type { Revocable } from '#contract/members/made-by'
import { paths } from '#contract/paths'
import { memberMadeQuery, useRemoveMember } from '#queries/members/members'
import type { MemberRow } from './member-columns.tsx'
import type { InProject } from './in-project.ts'

/** Removes one person's access, or the caller's own. */
export function RemoveMemberDialog({ org, project, member, onClose }: InProject & { member: MemberRow }) {
  const toast = useToast()
  const router = useRouter()
  const remove = useRemoveMember(org, project)
  const { name, email, self, userId } = member
  const made = useQuery(memberMadeQuery(org, project, userId))
  const [revoke, setRevoke] = useState<Revocable[]>([])
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={self ? `Leave ${project}?` : `Remove ${name} from ${project}?`}
      description={
        self
          ? 'You lose access to this project immediately. Anyone who manages its members can add you again.'
          : `${email} loses access to this project immediately. What they wrote stays, and you can add them again.`
      }
      confirmLabel={self ? 'Leave project' : 'Remove member'}
      pending={remove.isPending}
      error={remove.error?.message}
      onConfirm={() =>
        remove.mutate(
          { userId, revoke },
          {
            onSuccess: ({ revoked }) => {
              toast(`${self ? `You left ${project}` : `${name} was removed`}${revokedInWords(revoked)}`)
              onClose()
              if (self) router.push(paths.projects(org))
            },
          },
        )
      }
    >
      {hasMade(made.data) && (
        <MadeThings {...{ self, project, revoke }} made={made.data} error={made.error} onRevoke={setRevoke} />
      )}
    </ConfirmDialog>
  )
}
