'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { OrganizationRoleField } from '#components/access/organization-role-field'
import type { OrganizationAbilities } from '#components/access/organization-roles'
import { Form, type FormError } from '#components/form/form'
import { TextareaField } from '#components/form/text-field'
import { Dialog } from '#components/ui/dialog'
import type { Invitation, InvitedPeople } from '#contract/organizations/invitations'
import { useInvitePeople } from '#queries/organizations/invitations'
import { InviteForm, type InviteInput, type InviteOutput, errorOf, refusedOf, toBody } from './invite-form.ts'
import { InvitedProjects } from './invited-projects.tsx'

const defaultValues: InviteInput = { emails: '', role: 'member', projects: [] }

interface InviteDialogProps {
  org: string
  /** Whether this server sends the links by email. */
  hasMail: boolean
  access: OrganizationAbilities
  onClose: () => void
  /** Receives the created invitations once all of them succeeded. */
  onInvited: (invitations: Invitation[]) => void
}

/** Invites several people to the organization and to projects. Refused addresses stay in the field. */
export function InviteDialog({ org, hasMail, access, onClose, onInvited }: InviteDialogProps) {
  const invite = useInvitePeople(org)
  const form = useForm<InviteInput, unknown, InviteOutput>({ resolver: zodResolver(InviteForm), defaultValues })
  const { control } = form
  const [made, setMade] = useState<Invitation[]>([])
  const [refused, setRefused] = useState<FormError | null>(null)
  const keep = (values: InviteOutput, answer: InvitedPeople) => {
    const invited = answer.results.flatMap(({ invitation }) => invitation ?? [])
    const wrong = refusedOf(values, answer)
    if (wrong.length === 0) return onInvited([...made, ...invited])
    setMade([...made, ...invited])
    setRefused(errorOf(wrong, invited.length))
    form.setValue('emails', wrong.map(({ path }) => path).join('\n'), { shouldDirty: true })
  }
  const send = (values: InviteOutput) => {
    setRefused(null)
    if (values.emails.emails.length === 0) return keep(values, { results: [] })
    invite.mutate(toBody(values), { onSuccess: (answer) => keep(values, answer) })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Invite people"
      description={
        hasMail
          ? 'Each person gets an email with a link that works once, for seven days. You can also copy the links.'
          : 'Each person gets a link that works once, for seven days. Email isn’t configured, so you copy and share the links.'
      }
    >
      <Form
        form={form}
        error={invite.error ?? refused}
        pending={invite.isPending}
        submitLabel="Send invitations"
        onCancel={onClose}
        onSubmit={send}
      >
        <TextareaField
          control={control}
          name="emails"
          label="Email addresses"
          placeholder={'ada@example.com\ngrace@example.com'}
          hint="One per line, or pasted from an email or a sheet."
        />
        <OrganizationRoleField control={control} name="role" label="Role in the organization" access={access} />
        <InvitedProjects org={org} access={access} control={control} />
      </Form>
    </Dialog>
  )
}
