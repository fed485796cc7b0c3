'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useQuery } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import type { z } from 'zod'
import { Form, type FormError } from '#components/form/form'
import { TextField } from '#components/form/text-field'
import { Dialog } from '#components/ui/dialog'
import { CreateWebhook, type Webhook, webhookEventGroups, webhookEvents } from '#contract/webhooks/webhooks'
import { projectsQuery } from '#queries/projects/projects'
import { AllOrSomeField } from '#components/form/all-or-some-field'

type Typed = z.input<typeof CreateWebhook>
type NewWebhook = z.output<typeof CreateWebhook>

const eventOptions = [
  ...webhookEventGroups.map((value) => ({ value, label: value, hint: 'all of these' })),
  ...webhookEvents.map((value) => ({ value, label: value })),
]

const valuesOf = (webhook: Webhook | undefined): Typed => ({
  url: webhook?.url ?? '',
  description: webhook?.description ?? '',
  events: webhook?.events ?? null,
  projects: webhook?.projects?.map(({ slug }) => slug) ?? null,
  enabled: webhook?.enabled ?? true,
})

interface WebhookFormDialogProps {
  org: string
  /** The webhook to change; absent for a new one. */
  webhook?: Webhook
  error: FormError | null
  pending: boolean
  onClose: () => void
  onSubmit: (webhook: NewWebhook) => void
}

/** A webhook's URL, its events, and its projects. */
export function WebhookFormDialog({ org, webhook, error, pending, onClose, onSubmit }: WebhookFormDialogProps) {
  const form = useForm<Typed, unknown, NewWebhook>({ resolver: zodResolver(CreateWebhook), defaultValues: valuesOf(webhook) })
  const projects = useQuery(projectsQuery(org)).data ?? []
  const { control } = form
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={webhook ? 'Edit webhook' : 'Create webhook'}
      description="A webhook posts audit events to a URL as they happen, signed with its own secret."
    >
      <Form
        form={form}
        error={error}
        pending={pending}
        submitLabel={webhook ? 'Save webhook' : 'Create webhook'}
        onCancel={onClose}
        onSubmit={onSubmit}
      >
        <TextField
          control={control}
          name="url"
          label="URL"
          mono
          inputMode="url"
          placeholder="https://siem.example.com/bulkhead"
          hint="Must use https and be on the public internet."
          maxLength={2000}
        />
        <TextField control={control} name="description" label="Description" optional placeholder="SIEM" maxLength={200} />
        <AllOrSomeField
          control={control}
          name="events"
          label="Events"
          all="All events"
          which="Events to send"
          options={eventOptions}
          placeholder="Choose events, or groups such as member.*"
        />
        <AllOrSomeField
          control={control}
          name="projects"
          label="Projects"
          all="All projects and the organization"
          which="Projects to watch"
          options={projects.map(({ slug, name }) => ({ value: slug, label: slug, hint: name }))}
          placeholder="Choose projects"
        />
      </Form>
    </Dialog>
  )
}
