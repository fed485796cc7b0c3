import { LogOut, SlidersHorizontal, UserMinus } from 'lucide-react'
import { type OrganizationAbilities, organizationRoleReason } from '#components/access/organization-roles'
import type { MenuItem } from '#components/ui/menu'
import type { PersonRow } from './people-columns.tsx'

export type PersonAction = 'role' | 'remove'

/** Why the caller can't change this person; null when they can. */
export const changeReason = ({ self, role }: Pick<PersonRow, 'self' | 'role'>, access: OrganizationAbilities) =>
  access.can['people:manage'].reason ?? (self ? null : organizationRoleReason(access, role))

/** The actions on one person; disabled ones give their reason. Anybody may leave. */
export function personActions(person: PersonRow, access: OrganizationAbilities, open: (kind: PersonAction) => void): MenuItem[] {
  const reason = changeReason(person, access)
  return [
    { label: 'Change role…', icon: <SlidersHorizontal />, onSelect: () => open('role'), disabledReason: reason },
    {
      label: person.self ? 'Leave organization…' : 'Remove from organization…',
      icon: person.self ? <LogOut /> : <UserMinus />,
      onSelect: () => open('remove'),
      disabledReason: person.self ? null : reason,
      danger: true,
      separated: true,
    },
  ]
}
