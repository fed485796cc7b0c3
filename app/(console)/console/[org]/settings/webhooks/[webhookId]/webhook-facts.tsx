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
import { WantedEvents, WantedProjects } from '../webhook-wants.tsx'

/** Its URL, its events, and whether it is on. */
export function WebhookFacts({ org, webhook }: { org: string; webhook: Webhook }) {
  const update = useUpdateWebhook(org, webhook.id)
  const { url, events, projects, enabled, switchedOffAt, previousSecretUntil, createdAt } = webhook
  return (
    <Section title="This webhook">
      <div className="space-y-4">
        {switchedOffAt && (
          <Notice tone="warning" title="It was switched off, because nothing could be delivered for three days">
            What was waiting is kept and goes on when you switch it on again. What has happened since{' '}
            <Time value={switchedOffAt} /> was not queued.
          </Notice>
        )}
        {update.error && <Notice tone="warning">{update.error.message}</Notice>}
        <Switch
          label="Send events"
          hint="While it is off, nothing new is queued for it."
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
            { label: 'Events', value: <WantedEvents events={events} /> },
            { label: 'Projects', value: <WantedProjects projects={projects} /> },
            ...(previousSecretUntil
              ? [
                  {
                    label: 'Old secret',
                    value: (
                      <span>
                        Signs too; ends <Time value={previousSecretUntil} />
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
