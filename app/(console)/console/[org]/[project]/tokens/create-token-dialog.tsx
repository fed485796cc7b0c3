'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useQuery } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import type { z } from 'zod'
import { allowedAddressesField } from '#components/access/allowed-addresses'
import { AllowedAddressesText } from '#components/access/allowed-addresses-text'
import { CellScopesField } from '#components/access/cell-scopes-field'
import { EnvironmentField } from '#components/access/environment-field'
import type { Abilities } from '#components/access/role'
import { RoleField } from '#components/access/role-field'
import { TokenExpiryField, latestExpiry } from '#components/access/token-expiry-field'
import { Form } from '#components/form/form'
import { TextField } from '#components/form/text-field'
import { Dialog } from '#components/ui/dialog'
import { CreateToken, type ProjectTokenCreated } from '#contract/tokens/tokens'
import { environmentsQuery } from '#queries/projects/environments'
import { statsQuery } from '#queries/projects/stats'
import { useCreateToken } from '#queries/tokens/tokens'
import { useMaxTokenDays } from '../../use-max-token-days.ts'

const Typed = CreateToken.extend({ allowedAddresses: AllowedAddressesText })
const defaultValues: z.input<typeof Typed> = {
  name: '',
  role: 'member',
  envName: null,
  cellScopes: null,
  expiresAt: null,
  allowedAddresses: '',
}

export interface CreateTokenDialogProps {
  org: string
  project: string
  access: Abilities
  onClose: () => void
  /** Receives the token, which is shown once. */
  onCreated: (created: ProjectTokenCreated) => void
}

/** Creates a token for a program. */
export function CreateTokenDialog({ org, project, access, onClose, onCreated }: CreateTokenDialogProps) {
  const create = useCreateToken(org, project)
  const { data: environments = [] } = useQuery(environmentsQuery(org, project))
  const { data: stats } = useQuery(statsQuery(org, project))
  const maxDays = useMaxTokenDays(org)
  const form = useForm({ resolver: zodResolver(Typed), defaultValues: { ...defaultValues, expiresAt: latestExpiry(maxDays) } })
  const { control } = form
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Create token"
      description="For a script or CI job that works on this project. The token has the permissions of its role, and never more than yours."
    >
      <Form
        form={form}
        error={create.error}
        pending={create.isPending}
        submitLabel="Create token"
        onCancel={onClose}
        onSubmit={(body) => create.mutate(body, { onSuccess: onCreated })}
      >
        <TextField
          control={control}
          name="name"
          label="Name"
          placeholder="deploy pipeline"
          hint="Who or what uses it."
          maxLength={100}
        />
        <RoleField control={control} name="role" label="Role" access={access} />
        <EnvironmentField
          control={control}
          name="envName"
          label="Environment"
          environments={environments.map(({ name }) => name)}
        />
        <CellScopesField control={control} name="cellScopes" label="Cells" cells={stats?.cells ?? []} />
        <TokenExpiryField control={control} name="expiresAt" maxDays={maxDays} presets={[30, 90]} />
        <TextField control={control} name="allowedAddresses" mono {...allowedAddressesField} />
      </Form>
    </Dialog>
  )
}
