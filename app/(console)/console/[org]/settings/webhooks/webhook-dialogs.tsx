'use client'

import { lazyDialog } from '#components/ui/lazy-dialog'
import type { Webhook } from '#contract/webhooks/webhooks'
import { useCreateWebhook, useUpdateWebhook } from '#queries/webhooks/webhooks'

const DeleteWebhookDialog = lazyDialog(() => import('./delete-webhook-dialog.tsx').then((module) => module.DeleteWebhookDialog))
const RotateSecretDialog = lazyDialog(() => import('./rotate-secret-dialog.tsx').then((module) => module.RotateSecretDialog))
const WebhookFormDialog = lazyDialog(() => import('./webhook-form-dialog.tsx').then((module) => module.WebhookFormDialog))
const WebhookSecretDialog = lazyDialog(() => import('./webhook-secret-dialog.tsx').then((module) => module.WebhookSecretDialog))

/** The open dialog and its webhook. */
export type WebhookDialog =
  | null
  | { kind: 'create' }
  | { kind: 'secret'; secret: string; note?: string }
  | { kind: 'edit' | 'rotate' | 'delete'; webhook: Webhook }

interface WebhookDialogsProps {
  org: string
  dialog: WebhookDialog
  onChange: (dialog: WebhookDialog) => void
  onDeleted?: () => void
}

/** The dialogs of the list and of a webhook's own page. */
export function WebhookDialogs({ org, dialog, onChange, onDeleted }: WebhookDialogsProps) {
  const close = () => onChange(null)
  if (dialog === null) return null
  if (dialog.kind === 'create')
    return <Create org={org} onClose={close} onCreated={(secret) => onChange({ kind: 'secret', secret })} />
  if (dialog.kind === 'secret') return <WebhookSecretDialog secret={dialog.secret} note={dialog.note} onClose={close} />
  const { webhook } = dialog
  if (dialog.kind === 'edit') return <Edit org={org} webhook={webhook} onClose={close} />
  if (dialog.kind === 'delete') return <DeleteWebhookDialog org={org} webhook={webhook} onClose={close} onDeleted={onDeleted} />
  return (
    <RotateSecretDialog
      org={org}
      webhook={webhook}
      onClose={close}
      onRotated={(secret, note) => onChange({ kind: 'secret', secret, note })}
    />
  )
}

function Create({ org, onClose, onCreated }: { org: string; onClose: () => void; onCreated: (secret: string) => void }) {
  const create = useCreateWebhook(org)
  return (
    <WebhookFormDialog
      org={org}
      error={create.error}
      pending={create.isPending}
      onClose={onClose}
      onSubmit={(typed) => create.mutate(typed, { onSuccess: ({ secret }) => onCreated(secret) })}
    />
  )
}

function Edit({ org, webhook, onClose }: { org: string; webhook: Webhook; onClose: () => void }) {
  const update = useUpdateWebhook(org, webhook.id)
  return (
    <WebhookFormDialog
      org={org}
      webhook={webhook}
      error={update.error}
      pending={update.isPending}
      onClose={onClose}
      onSubmit={({ url, description, events, projects }) =>
        update.mutate({ url, description, events, projects }, { onSuccess: onClose })
      }
    />
  )
}
