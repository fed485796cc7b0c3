import type { Page } from '@playwright/test'
import { createHmac } from 'node:crypto'
import { paths } from '#contract/paths'
import type { Webhook } from '#contract/webhooks/webhooks'
import { type Received, startReceiver } from '#test/support/servers/receiver'
import { type Api } from './api.ts'
import { test as base, expect, expectNoViolations, expectRow, expectToast, row, rowAction } from './fixtures.ts'
import { organization } from './people.ts'

const to = paths.organization(organization.slug)
const webhooks = `/orgs/${organization.slug}/webhooks`

const test = base.extend<{ receiver: Awaited<ReturnType<typeof startReceiver>> }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of what a fixture needs
  receiver: async ({}, use) => {
    const receiver = await startReceiver({ answer: (response) => response.writeHead(200).end('taken') })
    await use(receiver)
    await receiver.close()
  },
})

const signature = (secret: string, { headers, body }: Received) => {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  return `v1,${createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
    .update(signed)
    .digest('base64')}`
}
const signaturesOf = ({ headers }: Received) => String(headers['webhook-signature']).split(' ')

const create = (api: Api, url: string) => api.post<{ id: string; secret: string }>(webhooks, { url, events: ['project.nuked'] })

async function fillForm(page: Page, url: string) {
  await page.getByRole('button', { name: 'Create webhook' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Create webhook' })
  await dialog.getByLabel('URL').fill(url)
  return dialog
}

test('creates a webhook, delivers a ping and an event with a valid signature, lists them in the log, and sends them again', async ({
  as,
  api,
  project,
  receiver,
}) => {
  const page = await as('organization owner')
  await page.goto(to.webhooks)
  const dialog = await fillForm(page, receiver.url)
  await dialog.getByLabel('Description').fill('SIEM')
  await dialog.getByRole('radiogroup', { name: 'Events' }).getByRole('radio', { name: 'Only these' }).click()
  await dialog.getByRole('combobox', { name: 'Events to send' }).fill('project.nuk')
  await page.getByRole('option', { name: 'project.nuked' }).click()
  await expect(dialog.getByRole('button', { name: 'Remove project.nuked' })).toBeVisible()
  await page.keyboard.press('Tab')
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Create webhook' }).click()
  const created = page.getByRole('dialog', { name: 'Webhook secret' })
  const secret = await created.getByLabel('The secret').innerText()
  await expectNoViolations(page)
  await created.getByRole('button', { name: 'Done' }).click()
  await expectRow(page, /127\.0\.0\.1.*SIEM/s, { Events: 'project.nuked', State: 'On', 'Last delivery': 'Nothing yet' })
  await expect(page.getByText(secret)).toBeHidden()

  await row(page, new RegExp(String(receiver.port)))
    .getByRole('link')
    .click()
  await expect(page.getByText('No deliveries yet')).toBeVisible()
  await page.getByRole('button', { name: 'Send test ping' }).click()
  const [ping] = await receiver.until(1)
  expect(signaturesOf(ping!)).toEqual([signature(secret, ping!)])
  await expectRow(page, /^ping/, { State: 'Delivered', Attempts: '1', Response: '200' })

  await rowAction(page, /^ping/, 'Redeliver')
  await expectToast(page, 'The delivery is sent again')
  const [, again] = await receiver.until(2)
  expect(again!.headers['webhook-id']).toBe(ping!.headers['webhook-id'])
  expect(signaturesOf(again!)).toEqual([signature(secret, again!)])

  await api.delete(`${project.api}/nuke`)
  const [, , event] = await receiver.until(3)
  expect(JSON.parse(event!.body)).toMatchObject({ action: 'project.nuked', target: { name: project.slug } })
  // The list looks for new deliveries every fifteen seconds.
  await page.reload()
  await expectRow(page, /^project\.nuked/, { State: 'Delivered' })
  await row(page, /^project\.nuked/)
    .getByRole('button', { name: /^project\.nuked/ })
    .click()
  const panel = page.getByRole('dialog', { name: 'project.nuked' })
  await expect(panel.getByText('taken')).toBeVisible()
  await expect(panel.getByText(String(event!.headers['webhook-id']))).toBeVisible()
  await expectNoViolations(page)
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete webhook' }).click()
  await expectToast(page, /^Deleted the webhook to/)
  await expect(page).toHaveURL(to.webhooks)
  await expect(row(page, new RegExp(String(receiver.port)))).toBeHidden()
})

test('refuses an address that is not public, says why, and keeps what was typed', async ({ as }) => {
  const page = await as('organization admin')
  await page.goto(to.webhooks)
  const dialog = await fillForm(page, 'https://10.0.0.1/hook')
  const expectRefusal = async (url: string, sentence: string) => {
    await dialog.getByLabel('URL').fill(url)
    await dialog.getByRole('button', { name: 'Create webhook' }).click()
    await expect(dialog.getByText(sentence)).toBeVisible()
  }
  await expectRefusal('https://10.0.0.1/hook', 'The URL must be a public address; 10.0.0.1 is not')
  await expectRefusal('https://localhost/hook', 'The URL must not be localhost')
  await expectRefusal('http://siem.example.com/hook', 'The URL must begin with https://')
  await expect(dialog.getByLabel('URL')).toHaveValue('http://siem.example.com/hook')
  await expectNoViolations(page)
})

test(
  'explains a failure, rotates the secret with an overlap, and turns a webhook off',
  { tag: '@nightly' },
  async ({ as, api, receiver }) => {
    const { id, secret: old } = await create(api, receiver.url)
    receiver.answerWith((response) => response.writeHead(302, { location: 'https://elsewhere.example.com/' }).end())
    const page = await as('organization owner')
    await page.goto(to.webhook(id))
    await page.getByRole('button', { name: 'Send test ping' }).click()
    await expectRow(page, /^ping/, { State: 'Will be retried', Response: '302' })
    await row(page, /^ping/).getByRole('button', { name: /^ping/ }).click()
    const panel = page.getByRole('dialog', { name: 'ping' })
    await expect(
      panel.getByText('The receiver answered with a redirect, which webhooks don’t follow (https://elsewhere.example.com/).'),
    ).toBeVisible()
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Rotate secret…' }).click()
    const rotate = page.getByRole('alertdialog', { name: 'Rotate the secret?' })
    await rotate.getByRole('radio', { name: 'Also signs for one more hour' }).click()
    await rotate.getByRole('button', { name: 'Rotate secret' }).click()
    const created = page.getByRole('dialog', { name: 'Webhook secret' })
    await expect(created.getByText('The old secret also signs for one more hour.')).toBeVisible()
    const fresh = await created.getByLabel('The secret').innerText()
    await created.getByRole('button', { name: 'Done' }).click()
    const before = receiver.received.length
    await page.getByRole('button', { name: 'Send test ping' }).click()
    const both = (await receiver.until(before + 1)).at(-1)!
    expect(signaturesOf(both)).toEqual([signature(fresh, both), signature(old, both)])

    await page.getByRole('switch', { name: 'Send events' }).click()
    await expect(page.getByRole('switch', { name: 'Send events' })).not.toBeChecked()
    await page.goto(to.webhooks)
    await expectRow(page, new RegExp(String(receiver.port)), { State: 'Off' })
    await api.delete(`${webhooks}/${id}`)
  },
)

test('shows that a receiver asked for a pause, and that one which is gone turned its webhook off', async ({ as, api }) => {
  const busy = await startReceiver({ answer: (response) => response.writeHead(503, { 'retry-after': '3600' }).end() })
  const gone = await startReceiver({ answer: (response) => response.writeHead(410).end() })
  try {
    const page = await as('organization owner')
    const ids = await Promise.all([busy, gone].map(async ({ url }) => (await create(api, url)).id))
    for (const id of ids) await api.post(`${webhooks}/${id}/test`)
    const states = () => Promise.all(ids.map((id) => api.get<Webhook>(`${webhooks}/${id}`)))
    await expect.poll(async () => (await states())[0]!.pausedUntil).not.toBeNull()
    await expect.poll(async () => (await states())[1]!.switchedOffReason).toBe('gone')
    await page.goto(to.webhooks)
    await expectRow(page, new RegExp(new URL(gone.url).host), { State: 'Off: receiver is gone' })
    await expectRow(page, new RegExp(new URL(busy.url).host), { State: 'Paused' })
    await expectNoViolations(page)
    await page.goto(to.webhook(ids[0]!))
    await expect(page.getByText('by the receiver, resumes in 1 hour')).toBeVisible()
    await page.goto(to.webhook(ids[1]!))
    await expect(page.getByText('Turned off because the receiver answered 410 Gone')).toBeVisible()
    await expect(page.getByText('Events that were waiting then are sent when you turn it on again')).toBeVisible()
    await expectNoViolations(page)
  } finally {
    await Promise.all([busy.close(), gone.close()])
  }
})

test('shows a member who does not manage webhooks who can', async ({ as }) => {
  const page = await as('member')
  await page.goto(to.webhooks)
  await expect(page.getByText('Only people who manage webhooks can see them')).toBeVisible()
  await expectNoViolations(page)
})
