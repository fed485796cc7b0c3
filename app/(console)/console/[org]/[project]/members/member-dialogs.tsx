import { AddMemberDialog } from './add-member-dialog.tsx'
import { CellScopesPanel } from './cell-scopes-panel.tsx'
import { ChangeAccessDialog } from './change-access-dialog.tsx'
import { EditMemberDialog } from './edit-member-dialog.tsx'
import type { MemberAction } from './member-actions.tsx'
import type { MemberRow } from './member-columns.tsx'
import { RemoveMemberDialog } from './remove-member-dialog.tsx'
import { RemoveMembersDialog } from './remove-members-dialog.tsx'
import { ViewAsDialog } from './view-as-dialog.tsx'
import type { InProject } from './in-project.ts'

/** The dialogs over the list of members. */
export type MemberDialog =
  | null
  | { kind: 'add' }
  | { kind: MemberAction; member: MemberRow }
  | { kind: 'change-all' | 'remove-all'; members: MemberRow[] }

/** The open dialog, if any. */
export function MemberDialogs({ dialog, ...shared }: InProject & { dialog: MemberDialog }) {
  if (dialog === null) return null
  switch (dialog.kind) {
    case 'add':
      return <AddMemberDialog {...shared} />
    case 'edit':
      return <EditMemberDialog {...shared} member={dialog.member} />
    case 'scopes':
      return <CellScopesPanel {...shared} member={dialog.member} />
    case 'view-as':
      return <ViewAsDialog {...shared} person={dialog.member} />
    case 'remove':
      return <RemoveMemberDialog {...shared} member={dialog.member} />
    case 'change-all':
      return <ChangeAccessDialog {...shared} members={dialog.members} />
    case 'remove-all':
      return <RemoveMembersDialog {...shared} members={dialog.members} />
    default:
      return dialog satisfies never
  }
}
