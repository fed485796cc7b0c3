'use client'

import type { Abilities } from '#components/access/role'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import type { Member } from '#contract/members/members'
import { paths } from '#contract/paths'
import { useViewAs } from '#queries/accounts/view-as'

/** Why the caller cannot see the project as somebody; null when he can. */
export const viewAsReason = (can: Abilities, self: boolean): string | null =>
  can['members:manage'].reason ?? (self ? 'This is how you see it already' : null)

export interface ViewAsDialogProps {
  org: string
  project: string
  person: Pick<Member, 'userId' | 'name'>
  onClose: () => void
}

/** Says what it means to see the project as somebody else, and starts it. */
export function ViewAsDialog({ org, project, person, onClose }: ViewAsDialogProps) {
  const view = useViewAs(org, project)
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      variant="primary"
      title={`View ${project} as ${person.name}?`}
      description={`You see what ${person.name} sees, as far as you may see it yourself. Nothing can be changed until you stop, it ends by itself after half an hour, and the audit log says that you looked.`}
      confirmLabel={`View as ${person.name}`}
      pending={view.isPending || view.isSuccess}
      error={view.error?.message}
      // From scratch: nothing that was read with more rights stays in the page.
      onConfirm={() => view.mutate(person.userId, { onSuccess: () => location.assign(paths.project(org, project).overview) })}
    />
  )
}
