'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useQuery } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { z } from 'zod'
import { CellScopesField } from '#components/access/cell-scopes-field'
import { EnvironmentField } from '#components/access/environment-field'
import { RoleField } from '#components/access/role-field'
import { DateTimeField } from '#components/form/date-time-field'
import { Form } from '#components/form/form'
import { Dialog } from '#components/ui/dialog'
import { useToast } from '#components/ui/toast'
import { AddMember } from '#contract/members/members'
import { environmentsQuery } from '#queries/projects/environments'
import { useAddMember } from '#queries/members/members'
import { statsQuery } from '#queries/projects/stats'
import type { InProject } from './in-project.ts'
import { PersonField } from './person-field.tsx'

const schema = AddMember.extend({ userId: z.uuid('Choose a person') })
const defaultValues: z.input<typeof schema> = { userId: '', role: 'member', envName: null, cellScopes: null, expiresAt: null }

/** Gives a person of the organization access to the project. */
export function AddMemberDialog({ org, project, access, onClose }: InProject) {
  const toast = useToast()
  const add = useAddMember(org, project)
  const { data: environments = [] } = useQuery(environmentsQuery(org, project))
  const { data: stats } = useQuery(statsQuery(org, project))
  const form = useForm({ resolver: zodResolver(schema), defaultValues })
  const { control } = form
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Add member"
      description={
        <>
          Gives a person in the organization access to <code>{project}</code>.
        </>
      }
    >
      <Form
        form={form}
        error={add.error}
        pending={add.isPending}
        submitLabel="Add member"
        onCancel={onClose}
        onSubmit={(body) =>
          add.mutate(body, {
            onSuccess: (member) => {
              toast(`${member.name} was added`)
              onClose()
            },
          })
        }
      >
        <PersonField {...{ org, project, control }} />
        <RoleField control={control} name="role" label="Role" access={access} />
        <EnvironmentField
          control={control}
          name="envName"
          label="Environment"
          environments={environments.map(({ name }) => name)}
        />
        <CellScopesField control={control} name="cellScopes" label="Cells" cells={stats?.cells ?? []} />
        <DateTimeField control={control} name="expiresAt" label="Expires" optional presets={[30, 90]} emptyLabel="Never" />
      </Form>
    </Dialog>
  )
}
