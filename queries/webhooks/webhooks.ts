import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { CreateWebhook, UpdateWebhook, WebhookDelivery } from '#contract/webhooks/webhooks'
import { call, callPage } from '../call.ts'

const key = (org: string) => ['orgs', org, 'webhooks'] as const

/** All webhooks: an organization has at most twenty. */
export const webhooksQuery = (org: string) =>
  queryOptions({
    queryKey: key(org),
    queryFn: ({ signal }) => callPage('GET /orgs/{orgId}/webhooks', { params: { orgId: org }, signal }),
  })

export const webhookQuery = (org: string, webhookId: string) =>
  queryOptions({
    queryKey: [...key(org), webhookId],
    queryFn: ({ signal }) => call('GET /orgs/{orgId}/webhooks/{webhookId}', { params: { orgId: org, webhookId }, signal }),
  })

type DeliveriesFilter = { state?: WebhookDelivery['state'] | undefined; cursor?: string | undefined }

/** The delivery log; refreshes often while a delivery is under way. */
export const deliveriesQuery = (org: string, webhookId: string, filter: DeliveriesFilter = {}) =>
  queryOptions({
    queryKey: [...key(org), webhookId, 'deliveries', filter],
    queryFn: ({ signal }) =>
      callPage('GET /orgs/{orgId}/webhooks/{webhookId}/deliveries', {
        params: { orgId: org, webhookId },
        query: { limit: 50, ...filter },
        signal,
      }),
    refetchInterval: ({ state }) => (state.data?.items.some((one) => one.state === 'pending') ? 2000 : 15_000),
  })

function useInvalidation(org: string) {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: key(org) })
}

/** The answer contains the secret, which is shown once. */
export function useCreateWebhook(org: string) {
  const onSuccess = useInvalidation(org)
  return useMutation({
    mutationFn: (body: z.input<typeof CreateWebhook>) => call('POST /orgs/{orgId}/webhooks', { params: { orgId: org }, body }),
    onSuccess,
  })
}

export function useUpdateWebhook(org: string, webhookId: string) {
  const onSuccess = useInvalidation(org)
  return useMutation({
    mutationFn: (body: z.input<typeof UpdateWebhook>) =>
      call('PATCH /orgs/{orgId}/webhooks/{webhookId}', { params: { orgId: org, webhookId }, body }),
    onSuccess,
  })
}

export function useDeleteWebhook(org: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (webhookId: string) => call('DELETE /orgs/{orgId}/webhooks/{webhookId}', { params: { orgId: org, webhookId } }),
    // Not awaited: the webhook's own page is still open and would get 404.
    onSuccess: () => void client.invalidateQueries({ queryKey: key(org), exact: true }),
  })
}

/** The answer contains the new secret, which is shown once. */
export function useRotateWebhookSecret(org: string, webhookId: string) {
  const onSuccess = useInvalidation(org)
  return useMutation({
    mutationFn: (overlapSeconds: number) =>
      call('POST /orgs/{orgId}/webhooks/{webhookId}/rotate-secret', {
        params: { orgId: org, webhookId },
        body: { overlapSeconds },
      }),
    onSuccess,
  })
}

export function usePingWebhook(org: string) {
  const onSuccess = useInvalidation(org)
  return useMutation({
    mutationFn: (webhookId: string) =>
      call('POST /orgs/{orgId}/webhooks/{webhookId}/test', { params: { orgId: org, webhookId } }),
    onSuccess,
  })
}

export function useRedeliver(org: string, webhookId: string) {
  const onSuccess = useInvalidation(org)
  return useMutation({
    mutationFn: (deliveryId: string) =>
      call('POST /orgs/{orgId}/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver', {
        params: { orgId: org, webhookId, deliveryId },
      }),
    onSuccess,
  })
}
