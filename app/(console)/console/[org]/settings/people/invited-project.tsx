'use client'

import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import type { Control } from 'react-hook-form'
import { CellScopesField } from '#components/access/cell-scopes-field'
import { EnvironmentField } from '#components/access/environment-field'
import type { OrganizationAbilities } from '#components/access/organization-roles'
import { RoleField } from '#components/access/role-field'
import { DateTimeField } from '#components/form/date-time-field'
import { IconButton } from '#components/ui/icon-button'
import { environmentsQuery } from '#queries/projects/environments'
import { statsQuery } from '#queries/projects/stats'
import type { InviteInput, InviteOutput } from './invite-form.ts'

interface InvitedProjectProps {
  org: string
  access: OrganizationAbilities
  control: Control<InviteInput, unknown, InviteOutput>
  slug: string
  index: number
  onRemove: () => void
}

/** An invited person's access to one project: role, environment, cells and expiry. */
export function InvitedProject({ org, access, control, slug, index, onRemove }: InvitedProjectProps) {
  const { data: environments = [] } = useQuery(environmentsQuery(org, slug))
  const { data: stats } = useQuery(statsQuery(org, slug))
  return (
    <fieldset className="space-y-4 rounded-md border border-line p-3" aria-label={`Access to ${slug}`}>
      <div className="flex items-center justify-between gap-2">
        <code className="truncate font-medium">{slug}</code>
        <IconButton size="sm" label={`Remove ${slug}`} icon={<X className="size-3.5" />} onClick={onRemove} />
      </div>
      <RoleField control={control} name={`projects.${index}.role`} label="Role" access={access} />
      <EnvironmentField
        control={control}
        name={`projects.${index}.envName`}
        label="Environment"
        environments={environments.map(({ name }) => name)}
      />
      <CellScopesField control={control} name={`projects.${index}.cellScopes`} label="Cells" cells={stats?.cells ?? []} />
      <DateTimeField
        control={control}
        name={`projects.${index}.expiresAt`}
        label="Access expires"
        optional
        presets={[30, 90]}
        emptyLabel="Never"
      />
    </fieldset>
  )
}
