'use client'

import type { FieldPath, FieldValues } from 'react-hook-form'
import { Field } from '#components/ui/field'
import { Select, type SelectOption } from '#components/ui/select'
import type { Ability, Role } from '#contract/common'
import type { OrganizationAction } from '#contract/access/permissions'
import { type FieldOf, useFieldOf } from '../form/field-of.ts'

/** What the API lets the caller do in the organization. */
export type OrganizationAbilities = Record<OrganizationAction, Ability>

const asMember = 'Sees only the projects they are a member of, with their role in each'

/** What each role may do, and the ability needed to give it or to change somebody who has it. */
const roles = {
  owner: {
    label: 'Owner',
    hint: 'Owner of every project; also manages owners of the organization',
    given: 'organization-owners:manage',
  },
  admin: { label: 'Admin', hint: 'Admin of every project; creates projects, manages and invites people', given: 'people:manage' },
  member: { label: 'Member', hint: asMember, given: 'people:manage' },
  viewer: { label: 'Viewer', hint: asMember, given: 'people:manage' },
} as const satisfies Record<Role, { label: string; hint: string; given: OrganizationAction }>

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of `roles` are exactly the roles
const names = Object.keys(roles) as Role[]

/** Why the caller may neither give this role nor change somebody who has it; null when they may. */
export const organizationRoleReason = (can: OrganizationAbilities, role: Role) => can[roles[role].given].reason

/** Picks a role in the organization and shows what it may do. Roles that the caller may not give say why. */
export function OrganizationRoleField<Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  can,
  ...props
}: FieldOf<Values, Name, Output> & { can: OrganizationAbilities }) {
  const { shell, value, ...field } = useFieldOf<Role, Values, Name, Output>(props)
  const options: SelectOption<Role>[] = names.map((role) => ({
    value: role,
    label: roles[role].label,
    hint: roles[role].hint,
    disabledReason: organizationRoleReason(can, role),
  }))
  return (
    <Field {...shell} nativeLabel={false} hint={roles[value].hint}>
      <Select {...field} value={value} options={options} />
    </Field>
  )
}
