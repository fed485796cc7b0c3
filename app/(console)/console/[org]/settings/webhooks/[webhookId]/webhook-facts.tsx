'use client'

import { DescriptionList } from '#components/ui/description-list'
import { Mono } from '#components/ui/mono'
import { Notice } from '#components/ui/notice'
import { Section } from '#components/ui/section'
import { Switch } from '#components/ui/switch'
import { Time } from '#components/ui/time'
import type { Webhook } from '#contract/webhooks/webhooks'
import { useUpdateWebhook } from '#queries/webhooks/webhooks'
import { WebhookState } from '../webhook-state.tsx'
import { WebhookEvents, WebhookProjects } from '../webhook-selection.tsx'

const offBecause = {
  failing: 'Turned off because nothing could be delivered for three days',
  gone: 'Turned off because the receiver answered 410 Gone',
} as const

/** Its URL, its events, and whether it is on. */
export function WebhookFacts({ org, webhook }: { org: string; webhook: Webhook }) {
  const update = useUpdateWebhook(org, webhook.id)
  const { url, events, projects, enabled, switchedOffAt, switchedOffReason, previousSecretUntil, createdAt } = webhook
  return (
    <Section title="This webhook">
      <div className="space-y-4">
        {switchedOffAt && (
          <Notice tone="warning" title={offBecause[switchedOffReason ?? 'failing']}>
            That was <Time value={switchedOffAt} />. Events that were waiting then are sent when you turn it on again. Newer
            events are never sent.
          </Notice>
        )}
        {update.error && <Notice tone="warning">{update.error.message}</Notice>}
        <Switch
          label="Send events"
          hint="While this is off, new events are not sent to this webhook, now or later."
          checked={enabled}
          onChange={(next) => update.mutate({ enabled: next })}
        />
        <DescriptionList
          items={[
            {
              label: 'URL',
              value: (
                <Mono copy="URL" full={url}>
                  {url}
                </Mono>
              ),
            },
            { label: 'State', value: <WebhookState webhook={webhook} /> },
            { label: 'Events', value: <WebhookEvents events={events} /> },
            { label: 'Projects', value: <WebhookProjects projects={projects} /> },
            ...(previousSecretUntil
              ? [
                  {
                    label: 'Old secret',
                    value: (
                      <span>
                        Also signs; ends <Time value={previousSecretUntil} />
                      </span>
                    ),
                  },
                ]
              : []),
            { label: 'Created', value: <Time value={createdAt} /> },
          ]}
        />
      </div>
    </Section>
  )
}
