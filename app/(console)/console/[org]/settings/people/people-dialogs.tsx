import { lazyDialog } from '#components/ui/lazy-dialog'
import type { OrganizationAbilities } from '#components/access/organization-roles'
import type { Invitation } from '#contract/organizations/invitations'
import type { PersonAction } from './person-actions.tsx'
import type { PersonRow } from './people-columns.tsx'

const ChangeRoleDialog = lazyDialog(() => import('./change-role-dialog.tsx').then((module) => module.ChangeRoleDialog))
const InviteDialog = lazyDialog(() => import('./invite-dialog.tsx').then((module) => module.InviteDialog))
const InvitedDialog = lazyDialog(() => import('./invited-dialog.tsx').then((module) => module.InvitedDialog))
const RemovePersonDialog = lazyDialog(() => import('./remove-person-dialog.tsx').then((module) => module.RemovePersonDialog))

/** The dialogs over the list of people. */
export type PeopleDialog =
  | null
  | { kind: 'invite' }
  | { kind: 'invited'; invitations: Invitation[] }
  | { kind: PersonAction; person: PersonRow }

interface PeopleDialogsProps {
  org: string
  hasMail: boolean
  access: OrganizationAbilities
  dialog: PeopleDialog
  onDialog: (next: PeopleDialog) => void
}

/** The open dialog, if any. */
export function PeopleDialogs({ org, hasMail, access, dialog, onDialog }: PeopleDialogsProps) {
  const onClose = () => onDialog(null)
  if (dialog === null) return null
  switch (dialog.kind) {
    case 'invite':
      return (
        <InviteDialog
          {...{ org, hasMail, access, onClose }}
          onInvited={(invitations) => onDialog({ kind: 'invited', invitations })}
        />
      )
    case 'invited':
      return <InvitedDialog {...{ hasMail, onClose }} invitations={dialog.invitations} />
    case 'role':
      return <ChangeRoleDialog {...{ org, access, onClose }} person={dialog.person} />
    case 'remove':
      return <RemovePersonDialog {...{ org, onClose }} person={dialog.person} />
    default:
      return dialog satisfies never
  }
}
