import type { Role, VerbGrant } from '#contract/common'
import type { Access } from '#contract/review/access'
import { Badge } from '#components/ui/badge'
import type { SelectOption } from '#components/ui/select'

/** What the API lets the caller do in the project, and which roles it lets them give. */
export type Abilities = Pick<Access, 'can' | 'grants'>

/** What each role may do. */
const roles = {
  owner: { label: 'Owner', hint: 'Full access; also protects the project and manages its owners' },
  admin: { label: 'Admin', hint: 'Manages members, tokens and the catalog; applies, nukes and deletes' },
  member: { label: 'Member', hint: 'Reads and changes data; reads the catalog' },
  viewer: { label: 'Viewer', hint: 'Reads the catalog and data, changes nothing' },
} as const satisfies Record<Role, { label: string; hint: string }>

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of `roles` are exactly the roles
const names = Object.keys(roles) as Role[]

export const roleName = (role: Role): string => roles[role].label

/** Why the caller may neither give this role nor change somebody who has it; null when they may. */
export const roleReason = ({ grants }: Pick<Abilities, 'grants'>, role: Role) => grants[role].reason

/** Options for picking a role, each with what it may do. Roles that the caller may not give say why. */
export const roleOptions = (access: Pick<Abilities, 'grants'>): SelectOption<Role>[] =>
  names.map((role) => ({
    value: role,
    label: roles[role].label,
    hint: roles[role].hint,
    disabledReason: roleReason(access, role),
  }))

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
