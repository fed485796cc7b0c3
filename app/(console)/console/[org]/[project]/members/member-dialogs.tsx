import { lazyDialog } from '#components/ui/lazy-dialog'
import type { MemberAction } from './member-actions.tsx'
import type { MemberRow } from './member-columns.tsx'
import type { InProject } from './in-project.ts'

const AddMemberDialog = lazyDialog(() => import('./add-member-dialog.tsx').then((module) => module.AddMemberDialog))
const ChangeAccessDialog = lazyDialog(() => import('./change-access-dialog.tsx').then((module) => module.ChangeAccessDialog))
const RemoveMemberDialog = lazyDialog(() => import('./remove-member-dialog.tsx').then((module) => module.RemoveMemberDialog))
const RemoveMembersDialog = lazyDialog(() => import('./remove-members-dialog.tsx').then((module) => module.RemoveMembersDialog))
const ViewAsDialog = lazyDialog(() => import('./view-as-dialog.tsx').then((module) => module.ViewAsDialog))

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
