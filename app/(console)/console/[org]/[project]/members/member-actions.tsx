import { Glasses, LogOut, ScanEye, SlidersHorizontal, UserMinus } from 'lucide-react'
import { type Abilities, roleReason } from '#components/access/role'
import type { MenuItem } from '#components/ui/menu'
import type { MemberRow } from './member-columns.tsx'
import { viewAsReason } from './view-as-reason.ts'

const inherited = 'This access comes from the organization. Change it under People.'

/** Why the caller can't change this membership; null when they can. */
export function changeReason(member: Pick<MemberRow, 'source' | 'self' | 'role'>, access: Abilities): string | null {
  if (member.source === 'organization') return inherited
  return access.can['members:manage'].reason ?? (member.self ? null : roleReason(access, member.role))
}

/** The same for their role in the row, where a slip of the hand would end one's own power over the list. */
export const roleInRowReason = (member: Pick<MemberRow, 'source' | 'self' | 'role'>, access: Abilities): string | null =>
  changeReason(member, access) ?? (member.self ? 'This is you. Open your access to change your own role.' : null)

/** The same for removing it: anybody may leave. */
export function removeReason(member: MemberRow, access: Abilities): string | null {
  if (member.self) return member.source === 'organization' ? inherited : null
  return changeReason(member, access)
}

export type MemberAction = 'view-as' | 'remove'

/** The actions on one member; disabled ones give their reason. */
export function memberActions(member: MemberRow, access: Abilities, open: (kind: MemberAction) => void): MenuItem[] {
  const reason = changeReason(member, access)
  return [
    {
      label: 'View access',
      icon: <ScanEye />,
      ...(member.href ? { href: member.href } : { disabledReason: access.can['members:manage'].reason }),
    },
    {
      label: 'View as…',
      icon: <Glasses />,
      onSelect: () => open('view-as'),
      disabledReason: viewAsReason(access, member.self),
    },
    { label: 'Change access…', icon: <SlidersHorizontal />, onSelect: member.onOpen, disabledReason: reason },
    {
      label: member.self ? 'Leave project…' : 'Remove from project…',
      icon: member.self ? <LogOut /> : <UserMinus />,
      onSelect: () => open('remove'),
      disabledReason: removeReason(member, access),
      danger: true,
      separated: true,
    },
  ]
}
