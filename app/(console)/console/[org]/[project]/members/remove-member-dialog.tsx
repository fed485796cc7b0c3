'use client'

import { useRouter } from 'next/navigation'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { useToast } from '#components/ui/toast'
import { paths } from '#paths'
import { useRemoveMember } from '#queries/members'
import type { MemberRow } from './member-columns.tsx'
import type { InProject } from './member-dialogs.tsx'

/** Takes one person's access away, or one's own. */
export function RemoveMemberDialog({ org, project, member, onClose }: InProject & { member: MemberRow }) {
  const toast = useToast()
  const router = useRouter()
  const remove = useRemoveMember(org, project)
  const { name, email, self, userId } = member
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={self ? `Leave ${project}?` : `Remove ${name} from ${project}?`}
      description={
        self
          ? 'You lose your access to this project at once. Somebody who manages its members can add you again.'
          : `${email} loses access to this project at once. What was written stays, and they can be added again.`
      }
      confirmLabel={self ? 'Leave project' : 'Remove member'}
      pending={remove.isPending}
      error={remove.error?.message}
      onConfirm={() =>
        remove.mutate(userId, {
          onSuccess: () => {
            toast(self ? `You left ${project}` : `${name} was removed`)
            onClose()
            if (self) router.push(paths.projects(org))
          },
        })
      }
    />
  )
}
