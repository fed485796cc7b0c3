import { expect, test } from 'vitest'
import { RotateWebhookSecret } from '#contract/webhooks/webhooks'
import { textOf } from './markdown.ts'
import { constant, written } from './source.ts'

/** Without line breaks. */
const page = textOf('docs/webhooks.md').replaceAll(/\s+/g, ' ')
const fromDeliveries = (name: string) => constant('domain/webhooks/deliveries.ts', name)
const dispatcher = 'server/jobs/webhooks/dispatcher.ts'

test('docs/webhooks.md has the numbers of the code', () => {
  const [timeout] = written(dispatcher, /timeout = ([\d_]+)/)
  const [total, ofOrganization, ofWebhook] = written(dispatcher, /total: (\d+), perOrganization: (\d+), perWebhook: (\d+)/)
  const [length] = written('server/jobs/webhooks/send.ts', /const KEPT = (\d+)/)
  const hours = RotateWebhookSecret.parse({}).overlapSeconds / 3600
  const longest = RotateWebhookSecret.safeParse({ overlapSeconds: 7 * 86_400 }).success
  const beyond = RotateWebhookSecret.safeParse({ overlapSeconds: 7 * 86_400 + 1 }).success
  expect([longest, beyond]).toEqual([true, false])
  for (const sentence of [
    `Only a 2xx answer within ${timeout! / 1000} seconds`,
    `A delivery is tried ${fromDeliveries('TRIES')} times`,
    `pauses that start at ${fromDeliveries('FIRST_PAUSE')} seconds, grow fourfold and end at ${fromDeliveries('LONGEST_PAUSE') / 3600} hours`,
    `After ${fromDeliveries('FAILING_DAYS')} days without any delivery`,
    `kept for ${fromDeliveries('KEPT_DAYS')} days, each with the first ${length! / 1024} KiB`,
    `An organization can have ${constant('domain/webhooks/webhooks.ts', 'MOST')} webhooks`,
    `sends ${ofWebhook} requests at a time to one webhook, ${ofOrganization} to one organization's webhooks, and ${total} in all`,
    `${hours} hours unless you choose another time up to 7 days`,
  ])
    expect(page).toContain(sentence)
})
