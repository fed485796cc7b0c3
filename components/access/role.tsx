import type { Ability, Role } from '#contract/common'
import type { ProjectAction } from '#contract/permissions'
import { Badge } from '#components/ui/badge'
import type { SelectOption } from '#components/ui/select'

/** What the API says the caller may do. */
export type Abilities = Record<ProjectAction, Ability>

/** What each role may do, and what it takes to give it or to change somebody who has it. */
const roles = {
  owner: { label: 'Owner', hint: 'Everything; also protects the project and decides who owns it', given: 'owners:manage' },
  admin: { label: 'Admin', hint: 'Manages members, tokens and the catalog; applies, nukes and deletes', given: 'members:manage' },
  member: { label: 'Member', hint: 'Reads and changes data; reads the catalog', given: 'members:manage' },
  viewer: { label: 'Viewer', hint: 'Reads the catalog and data, changes nothing', given: 'members:manage' },
} as const satisfies Record<Role, { label: string; hint: string; given: ProjectAction }>

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of `roles` are exactly the roles
const names = Object.keys(roles) as Role[]

/** Why the caller may neither give this role nor change somebody who has it; null when he may. */
export const roleReason = (can: Abilities, role: Role) => can[roles[role].given].reason

/** The roles to choose from, each with what it may do; those that the caller may not give say why. */
export const roleOptions = (can: Abilities): SelectOption<Role>[] =>
  names.map((role) => ({ value: role, label: roles[role].label, hint: roles[role].hint, disabledReason: roleReason(can, role) }))

/** The roles to filter by. */
export const roleFilterOptions: SelectOption<Role>[] = names.map((role) => ({ value: role, label: roles[role].label }))

/** A role, as a word. */
export function RoleBadge({ role }: { role: Role }) {
  return <Badge>{roles[role].label}</Badge>
}
