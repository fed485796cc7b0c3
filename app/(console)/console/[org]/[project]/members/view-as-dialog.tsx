'use client'

import { ConfirmDialog } from '#components/ui/confirm-dialog'
import type { Member } from '#contract/members/members'
import { paths } from '#contract/paths'
import { useViewAs } from '#queries/accounts/view-as'

export interface ViewAsDialogProps {
  org: string
  project: string
  person: Pick<Member, 'userId' | 'name'>
  onClose: () => void
}

/** Explains what viewing the project as another member means, and starts it. */
export function ViewAsDialog({ org, project, person, onClose }: ViewAsDialogProps) {
  const view = useViewAs(org, project)
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      variant="primary"
      title={`View ${project} as ${person.name}?`}
      description={`You see what ${person.name} sees, but never more than you can see yourself. You can’t change anything until you stop. The view ends after 30 minutes and is recorded in the audit log.`}
      confirmLabel={`View as ${person.name}`}
      pending={view.isPending || view.isSuccess}
      error={view.error?.message}
      // Loads the page anew, so that no data read with more rights stays in it.
      onConfirm={() => view.mutate(person.userId, { onSuccess: () => location.assign(paths.project(org, project).overview) })}
    />
  )
}
