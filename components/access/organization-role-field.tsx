'use client'

import type { FieldPath, FieldValues } from 'react-hook-form'
import { Field } from '#components/ui/field'
import { Select, type SelectOption } from '#components/ui/select'
import type { Role } from '#contract/common'
import { type FieldOf, useFieldOf } from '../form/field-of.ts'
import {
  type OrganizationAbilities,
  organizationRoleNames,
  organizationRoleReason,
  organizationRoles,
} from './organization-roles.tsx'

/** Picks a role in the organization and shows what it may do. Roles that the caller may not give say why. */
export function OrganizationRoleField<Values extends FieldValues, Name extends FieldPath<Values>, Output>({
  access,
  ...props
}: FieldOf<Values, Name, Output> & { access: OrganizationAbilities }) {
  const { shell, value, ...field } = useFieldOf<Role, Values, Name, Output>(props)
  const options: SelectOption<Role>[] = organizationRoleNames.map((role) => ({
    value: role,
    label: organizationRoles[role].label,
    hint: organizationRoles[role].hint,
    disabledReason: organizationRoleReason(access, role),
  }))
  return (
    <Field {...shell} nativeLabel={false} hint={organizationRoles[value].hint}>
      <Select {...field} value={value} options={options} />
    </Field>
  )
}
