'use client'

import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, Ellipsis, Pencil, RefreshCw, Send, Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Failed } from '#components/table/data-table'
import { Button } from '#components/ui/button'
import { IconButton } from '#components/ui/icon-button'
import { ButtonLink } from '#components/ui/link'
import { Menu } from '#components/ui/menu'
import { Notice } from '#components/ui/notice'
import { PageHeader } from '#components/ui/page-header'
import { SkeletonCard } from '#components/ui/skeleton'
import { useToast } from '#components/ui/toast'
import { paths } from '#contract/paths'
import { organizationAccessQuery } from '#queries/organizations/organizations'
import { usePingWebhook, webhookQuery } from '#queries/webhooks/webhooks'
import { type WebhookDialog, WebhookDialogs } from '../webhook-dialogs.tsx'
import { Deliveries } from './deliveries.tsx'
import { WebhookFacts } from './webhook-facts.tsx'

/** One webhook: its events, its state, and every delivery. */
export function WebhookDetails({ org, webhookId }: { org: string; webhookId: string }) {
  const [dialog, setDialog] = useState<WebhookDialog>(null)
  const toast = useToast()
  const router = useRouter()
  const access = useQuery(organizationAccessQuery(org))
  const may = access.data?.can['webhooks:manage']
  const { data: webhook, error, refetch } = useQuery({ ...webhookQuery(org, webhookId), enabled: may?.allowed ?? false })
  const ping = usePingWebhook(org)
  const list = paths.organization(org).webhooks
  const back = (
    <ButtonLink href={list} icon={<ArrowLeft className="size-3.5" />}>
      All webhooks
    </ButtonLink>
  )
  if (!webhook) {
    return (
      <>
        <PageHeader title="Webhook" actions={back} />
        {may && !may.allowed ? (
          <Notice title="Only people who manage webhooks can see them">{may.reason}</Notice>
        ) : access.error ? (
          <Failed message={access.error.message} retry={() => void access.refetch()} />
        ) : error ? (
          <Failed message={error.message} retry={() => void refetch()} />
        ) : (
          <SkeletonCard label="Loading webhook" lines={6} />
        )}
      </>
    )
  }
  return (
    <>
      <PageHeader
        title={<span className="wrap-anywhere">{new URL(webhook.url).host}</span>}
        description={webhook.description || undefined}
        actions={
          <>
            {back}
            <Button
              variant="primary"
              icon={<Send className="size-3.5" />}
              pending={ping.isPending}
              disabledReason={webhook.enabled ? null : 'The webhook is off'}
              onClick={() =>
                ping.mutate(webhook.id, {
                  onSuccess: () => toast('Sent a ping'),
                  onError: ({ message }) => toast(message),
                })
              }
            >
              Send test ping
            </Button>
            <Menu
              trigger={<IconButton variant="secondary" label="More actions" icon={<Ellipsis className="size-4" />} />}
              items={[
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
            />
          </>
        }
      />
      <div className="mb-6">
        <WebhookFacts org={org} webhook={webhook} />
      </div>
      <Deliveries org={org} webhook={webhook} />
      <WebhookDialogs org={org} dialog={dialog} onChange={setDialog} onDeleted={() => router.push(list)} />
    </>
  )
}
