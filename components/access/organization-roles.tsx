import type { Role } from '#contract/common'
import type { OrganizationAccess } from '#contract/organizations/organizations'

/** What the API lets the caller do in the organization, and which roles it lets them give. */
export type OrganizationAbilities = Pick<OrganizationAccess, 'can' | 'grants'>

const asMember = 'Sees only the projects they are a member of, with their role in each'

/** What each role may do. */
export const organizationRoles = {
  owner: {
    label: 'Owner',
    hint: 'Owner of every project; also manages owners of the organization',
  },
  admin: { label: 'Admin', hint: 'Admin of every project; creates projects, manages and invites people' },
  member: { label: 'Member', hint: asMember },
  viewer: { label: 'Viewer', hint: asMember },
} as const satisfies Record<Role, { label: string; hint: string }>

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of `organizationRoles` are exactly the roles
export const organizationRoleNames = Object.keys(organizationRoles) as Role[]

/** Why the caller may neither give this role nor change somebody who has it; null when they may. */
export const organizationRoleReason = ({ grants }: OrganizationAbilities, role: Role) => grants[role].reason
