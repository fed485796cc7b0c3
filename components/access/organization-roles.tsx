import type { OrganizationAction } from '#contract/access/permissions'
import type { Ability, Role } from '#contract/common'

/** What the API lets the caller do in the organization. */
export type OrganizationAbilities = Record<OrganizationAction, Ability>

const asMember = 'Sees only the projects they are a member of, with their role in each'

/** What each role may do, and the ability needed to give it or to change somebody who has it. */
export const organizationRoles = {
  owner: {
    label: 'Owner',
    hint: 'Owner of every project; also manages owners of the organization',
    given: 'organization-owners:manage',
  },
  admin: { label: 'Admin', hint: 'Admin of every project; creates projects, manages and invites people', given: 'people:manage' },
  member: { label: 'Member', hint: asMember, given: 'people:manage' },
  viewer: { label: 'Viewer', hint: asMember, given: 'people:manage' },
} as const satisfies Record<Role, { label: string; hint: string; given: OrganizationAction }>

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of `organizationRoles` are exactly the roles
export const organizationRoleNames = Object.keys(organizationRoles) as Role[]

/** Why the caller may neither give this role nor change somebody who has it; null when they may. */
export const organizationRoleReason = (can: OrganizationAbilities, role: Role) => can[organizationRoles[role].given].reason
