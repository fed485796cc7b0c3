'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { OrganizationRoleField } from '#components/access/organization-role-field'
import type { OrganizationAbilities } from '#components/access/organization-roles'
import { Form } from '#components/form/form'
import { Dialog } from '#components/ui/dialog'
import { useToast } from '#components/ui/toast'
import { SetOrganizationRole } from '#contract/organizations/organizations'
import { useSetOrganizationRole } from '#queries/organizations/organizations'
import type { PersonRow } from './people-columns.tsx'

interface ChangeRoleDialogProps {
  org: string
  access: OrganizationAbilities
  person: PersonRow
  onClose: () => void
}

/** Changes one person's role in the organization. */
export function ChangeRoleDialog({ org, access, person: { userId, name, email, role }, onClose }: ChangeRoleDialogProps) {
  const toast = useToast()
  const change = useSetOrganizationRole(org)
  const form = useForm({ resolver: zodResolver(SetOrganizationRole), defaultValues: { role } })
  const { isDirty } = form.formState
  return (
    <Dialog open onOpenChange={onClose} title={`Role of ${name}`} description={email}>
      <Form
        form={form}
        error={change.error}
        pending={change.isPending}
        submitLabel="Change role"
        submitDisabledReason={isDirty ? null : 'Nothing has changed'}
        onCancel={onClose}
        onSubmit={(body) =>
          change.mutate(
            { userId, ...body },
            {
              onSuccess: () => {
                toast(`The role of ${name} was changed`)
                onClose()
              },
            },
          )
        }
      >
        <OrganizationRoleField control={form.control} name="role" label="Role" access={access} />
      </Form>
    </Dialog>
  )
}
