import type { Ability, Role, VerbGrant } from '#contract/common'
import type { ProjectAction } from '#contract/access/permissions'
import { Badge } from '#components/ui/badge'
import type { SelectOption } from '#components/ui/select'

/** What the API lets the caller do in the project. */
export type Abilities = Record<ProjectAction, Ability>

/** The abilities that decide which roles the caller may give. */
export type GrantAbilities = Pick<Abilities, 'members:manage' | 'owners:manage'>

/** What each role may do, and the ability needed to give it or to change somebody who has it. */
const roles = {
  owner: { label: 'Owner', hint: 'Full access; also protects the project and manages its owners', given: 'owners:manage' },
  admin: { label: 'Admin', hint: 'Manages members, tokens and the catalog; applies, nukes and deletes', given: 'members:manage' },
  member: { label: 'Member', hint: 'Reads and changes data; reads the catalog', given: 'members:manage' },
  viewer: { label: 'Viewer', hint: 'Reads the catalog and data, changes nothing', given: 'members:manage' },
} as const satisfies Record<Role, { label: string; hint: string; given: keyof GrantAbilities }>

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of `roles` are exactly the roles
const names = Object.keys(roles) as Role[]

export const roleName = (role: Role): string => roles[role].label

/** Why the caller may neither give this role nor change somebody who has it; null when they may. */
export const roleReason = (can: GrantAbilities, role: Role) => can[roles[role].given].reason

/** Options for picking a role, each with what it may do. Roles that the caller may not give say why. */
export const roleOptions = (can: GrantAbilities): SelectOption<Role>[] =>
  names.map((role) => ({ value: role, label: roles[role].label, hint: roles[role].hint, disabledReason: roleReason(can, role) }))

/** Options for filtering by role. */
export const roleFilterOptions: SelectOption<Role>[] = names.map((role) => ({ value: role, label: roles[role].label }))

export interface RoleBadgeProps {
  role: Role
  /** The verbs that the access is limited to; empty means all four. */
  verbs?: readonly VerbGrant[]
}

/** Shows a role and the verbs that it is limited to. */
export function RoleBadge({ role, verbs = [] }: RoleBadgeProps) {
  if (verbs.length === 0) return <Badge>{roles[role].label}</Badge>
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <Badge>{roles[role].label}</Badge>
      <OnlyVerbs verbs={verbs} />
    </span>
  )
}

/** The verbs that an access is limited to; nothing for all four. */
export function OnlyVerbs({ verbs }: { verbs: readonly VerbGrant[] }) {
  if (verbs.length === 0) return null
  return <span className="text-xs text-muted">only {verbs.map((verb) => verb.replace(':*', '')).join(', ')}</span>
}
