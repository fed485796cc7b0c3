'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useQuery } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { EnvironmentField } from '#components/access/environment-field'
import { RoleField } from '#components/access/role-field'
import { DateTimeField } from '#components/form/date-time-field'
import { Form } from '#components/form/form'
import { Dialog } from '#components/ui/dialog'
import { useToast } from '#components/ui/toast'
import { UpdateMember } from '#contract/members/members'
import { environmentsQuery } from '#queries/projects/environments'
import { useUpdateMember } from '#queries/members/members'
import type { MemberRow } from './member-columns.tsx'
import type { InProject } from './in-project.ts'

/** Changes the role, environment and expiry of one member. */
export function EditMemberDialog({ org, project, can, member, onClose }: InProject & { member: MemberRow }) {
  const toast = useToast()
  const update = useUpdateMember(org, project)
  const { data: environments = [] } = useQuery(environmentsQuery(org, project))
  const { userId, name, role, envName, expiresAt } = member
  const form = useForm({ resolver: zodResolver(UpdateMember), defaultValues: { role, envName, expiresAt } })
  const { control, formState } = form
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Access of ${name}`}
      description={
        <>
          {member.email} in <code>{project}</code>
        </>
      }
    >
      <Form
        form={form}
        error={update.error}
        pending={update.isPending}
        submitLabel="Save access"
        submitDisabledReason={formState.isDirty ? null : 'Nothing has changed'}
        onCancel={onClose}
        onSubmit={(body) =>
          update.mutate(
            { userId, ...body },
            {
              onSuccess: () => {
                toast(`The access of ${name} was changed`)
                onClose()
              },
            },
          )
        }
      >
        <RoleField control={control} name="role" label="Role" can={can} />
        <EnvironmentField
          control={control}
          name="envName"
          label="Environment"
          environments={environments.map((environment) => environment.name)}
          hint="A scope limits a member to one environment or to some cells. Limited members can’t manage the project; their role only applies to data."
        />
        <DateTimeField control={control} name="expiresAt" label="Expires" optional presets={[30, 90]} emptyLabel="Never" />
      </Form>
    </Dialog>
  )
}
