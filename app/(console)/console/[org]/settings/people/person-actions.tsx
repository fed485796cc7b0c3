import { LogOut, SlidersHorizontal, UserMinus } from 'lucide-react'
import { type OrganizationAbilities, organizationRoleReason } from '#components/access/organization-roles'
import type { MenuItem } from '#components/ui/menu'
import type { PersonRow } from './people-columns.tsx'

export type PersonAction = 'role' | 'remove'

/** Why the caller can't change this person; null when they can. */
export const changeReason = ({ self, role }: Pick<PersonRow, 'self' | 'role'>, can: OrganizationAbilities) =>
  can['people:manage'].reason ?? (self ? null : organizationRoleReason(can, role))

/** The actions on one person; disabled ones give their reason. Anybody may leave. */
export function personActions(person: PersonRow, can: OrganizationAbilities, open: (kind: PersonAction) => void): MenuItem[] {
  const reason = changeReason(person, can)
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
