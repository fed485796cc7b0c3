'use client'

import { useQuery } from '@tanstack/react-query'
import { Pencil, RefreshCw, Send, Trash2, Webhook as WebhookIcon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useMemo, useState } from 'react'
import { DataTable } from '#components/table/data-table'
import { ListActions } from '#components/table/list-actions'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { Notice } from '#components/ui/notice'
import { PageHeader } from '#components/ui/page-header'
import { useToast } from '#components/ui/toast'
import { paths } from '#contract/paths'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { usePingWebhook, webhooksQuery } from '#queries/webhooks/webhooks'
import { webhookColumns, withoutScheme } from './webhook-columns.tsx'
import { type WebhookDialog, WebhookDialogs } from './webhook-dialogs.tsx'

/** The organization's webhooks. */
export function WebhooksTable({ org }: { org: string }) {
  const [dialog, setDialog] = useState<WebhookDialog>(null)
  const toast = useToast()
  const router = useRouter()
  const columns = useMemo(() => webhookColumns(org), [org])
  const access = useQuery(organizationAccessQuery(org))
  const may = access.data?.can['webhooks:manage']
  const webhooks = useQuery({ ...webhooksQuery(org), enabled: may?.allowed ?? false })
  const ping = usePingWebhook(org)
  const failed = access.error ? access : webhooks.error ? webhooks : null
  const create = (
    <Button
      variant="primary"
      icon={<WebhookIcon className="size-3.5" />}
      disabledReason={may ? may.reason : 'Still loading'}
      onClick={() => setDialog({ kind: 'create' })}
    >
      Create webhook
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="Webhooks send audit events to a SIEM, a chat or your own service, signed and within seconds."
      />
      <ListActions>{create}</ListActions>
      {may && !may.allowed ? (
        <Notice title="Only people who manage webhooks can see them">{may.reason}</Notice>
      ) : (
        <DataTable
          label="Webhooks"
          columns={columns}
          rows={webhooks.data?.items}
          rowId={({ id }) => id}
          rowName={({ url }) => withoutScheme(url)}
          onOpen={({ id }) => router.push(paths.organization(org).webhook(id))}
          rowActions={(webhook) => [
            {
              label: 'Send test ping',
              icon: <Send />,
              disabledReason: webhook.enabled ? null : 'The webhook is off',
              onSelect: () =>
                ping.mutate(webhook.id, {
                  onSuccess: () => toast(`Sent a ping to ${withoutScheme(webhook.url)}`),
                  onError: ({ message }) => toast(message),
                }),
            },
            { label: 'Edit…', icon: <Pencil />, onSelect: () => setDialog({ kind: 'edit', webhook }) },
            { label: 'Rotate secret…', icon: <RefreshCw />, onSelect: () => setDialog({ kind: 'rotate', webhook }) },
            {
              label: 'Delete…',
              icon: <Trash2 />,
              danger: true,
              separated: true,
              onSelect: () => setDialog({ kind: 'delete', webhook }),
            },
          ]}
          error={failed?.error && { message: failed.error.message, retry: () => void failed.refetch() }}
          empty={
            <EmptyState title="No webhooks yet" action={create}>
              Create one to have every audit event of this organization posted to a URL.
            </EmptyState>
          }
          expected={3}
        />
      )}
      <WebhookDialogs org={org} dialog={dialog} onChange={setDialog} />
    </>
  )
}
