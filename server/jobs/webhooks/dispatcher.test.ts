import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { CreateWebhook, RotateWebhookSecret, WebhookEvent } from '#contract/webhooks/webhooks'
import { listNotices } from '#domain/notices/notices'
import { updateProject } from '#domain/projects/projects'
import { openWorld, page } from '#test/support/world/world'
import { claimDeliveries, listDeliveries, pauseAfter, pingWebhook, redeliver } from '#domain/webhooks/deliveries'
import { createWebhook, getWebhook, rotateWebhookSecret, updateWebhook } from '#domain/webhooks/webhooks'
import { projectRoot } from '#config/config'
import { type DispatcherOptions, startDispatcher } from './dispatcher.ts'
import { type Received, certificate, startReceiver } from '#test/support/servers/receiver'

vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long')
vi.stubEnv('BULKHEAD_WEBHOOK_ALLOWED_HOSTS', '127.0.0.1,hooks.example.test')
setDefaultCACertificates([certificate])
const world = await openWorld({ max: 12 })
const root = await world.at(world.root)
const project = await world.project('watched')

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  await world.db.deleteFrom('webhooks').execute()
})
afterAll(async () => {
  await world.close()
  vi.unstubAllEnvs()
})

const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
function dispatch(options: DispatcherOptions = {}) {
  const dispatcher = startDispatcher(world.db, { every: 20, resolve, ...options })
  closing.push(() => dispatcher.stop())
  return dispatcher
}
async function receive(options: Parameters<typeof startReceiver>[0] = {}) {
  const receiver = await startReceiver(options)
  closing.push(receiver.close)
  return receiver
}
const create = (url: string) => createWebhook(root, CreateWebhook.parse({ url, events: ['project.updated'] }))
const rename = async (name: string) => updateProject(await world.inside(project), { name, metadata: undefined })
const log = async (id: string) => (await listDeliveries(root, id, { ...page, state: undefined })).items
/** The newest delivery, once it fits the condition. */
const settled = (id: string, fits: (delivery: Awaited<ReturnType<typeof log>>[number]) => boolean) =>
  vi.waitUntil(async () => (await log(id)).find(fits), { timeout: 10_000, interval: 20 })
const makeDue = (id: string) =>
  world.db.updateTable('webhook_deliveries').set({ next_try_at: '2020-01-01T00:00:00Z' }).where('webhook_id', '=', id).execute()

/** Verifies a signature as in the specification, with an independent implementation: the platform's own. */
async function verifies({ headers, body }: Received, secret: string): Promise<boolean> {
  const raw = Uint8Array.from(atob(secret.replace('whsec_', '')), (letter) => letter.charCodeAt(0))
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
  const signed = new TextEncoder().encode(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`)
  const signatures = String(headers['webhook-signature']).split(' ')
  const outcomes = await Promise.all(
    signatures.map(async (text) => {
      const [version, signature = ''] = text.split(',')
      const bytes = Uint8Array.from(atob(signature), (letter) => letter.charCodeAt(0))
      return version === 'v1' && (await crypto.subtle.verify('HMAC', key, bytes, signed))
    }),
  )
  return outcomes.includes(true)
}

describe('an event', () => {
  test('arrives over https with the content of the log, signed, and is recorded as delivered', async () => {
    const receiver = await receive({ https: true, answer: (response) => response.writeHead(202).end('thanks') })
    const { id, secret } = await create(receiver.url)
    dispatch()
    await rename('Renamed')
    const [received] = await receiver.until(1)
    expect(await verifies(received!, secret)).toBe(true)
    expect(await verifies({ ...received!, body: received!.body.replace('Renamed', 'Forged') }, secret)).toBe(false)
    const event = WebhookEvent.parse(JSON.parse(received!.body))
    expect(event).toMatchObject({
      action: 'project.updated',
      actor: { kind: 'user', id: world.root.id, name: world.root.email },
      target: { kind: 'project', id: project.id },
      after: { name: 'Renamed' },
      orgId: world.org.id,
      projectId: project.id,
    })
    expect(Object.keys(JSON.parse(received!.body) as object)).toEqual(Object.keys(WebhookEvent.shape))
    expect(received!.headers).toMatchObject({ 'webhook-id': event.id, 'content-type': 'application/json' })
    const delivery = await settled(id, ({ state }) => state !== 'pending')
    expect(delivery).toMatchObject({ id: event.id, state: 'delivered', tries: 1, status: 202, reason: null, response: 'thanks' })
    expect((await getWebhook(root, id)).lastDelivery?.state).toBe('delivered')
  })

  test('passes the signature check that docs/webhooks.md shows', async () => {
    const page = readFileSync(join(projectRoot, 'docs', 'webhooks.md'), 'utf8')
    const lines = /```js\n([\s\S]*?)```/.exec(page)![1]!
    const { isGenuine } = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(lines)}`)) as {
      isGenuine: (headers: Received['headers'], body: string, secret: string) => boolean
    }
    const receiver = await receive()
    const { id, secret } = await create(receiver.url)
    dispatch()
    await pingWebhook(root, id)
    const [{ headers, body } = expect.unreachable()] = await receiver.until(1)
    expect(isGenuine(headers, body, secret)).toBe(true)
    expect(isGenuine(headers, `${body} `, secret)).toBe(false)
    expect(isGenuine({ ...headers, 'webhook-id': 'another' }, body, secret)).toBe(false)
    expect(isGenuine({ ...headers, 'webhook-timestamp': '1700000000' }, body, secret)).toBe(false)
    expect(isGenuine(headers, body, `whsec_${btoa('another')}`)).toBe(false)
  })

  test('is signed with both secrets while a rotation overlaps, then with the new one only', async () => {
    const receiver = await receive()
    const { id, secret: old } = await create(receiver.url)
    const { secret: fresh } = await rotateWebhookSecret(root, id, RotateWebhookSecret.parse({ overlapSeconds: 3600 }))
    dispatch()
    await pingWebhook(root, id)
    const [first] = await receiver.until(1)
    expect([await verifies(first!, old), await verifies(first!, fresh)]).toEqual([true, true])
    const { secret: last } = await rotateWebhookSecret(root, id, RotateWebhookSecret.parse({ overlapSeconds: 0 }))
    await pingWebhook(root, id)
    const [, second] = await receiver.until(2)
    expect(await Promise.all([old, fresh, last].map((secret) => verifies(second!, secret)))).toEqual([false, false, true])
  })

  test('is retried with the same id and a new signature until it arrives', async () => {
    const receiver = await receive({ answer: (response) => response.writeHead(503).end('later') })
    const { id, secret } = await create(receiver.url)
    dispatch()
    await rename('Twice')
    const failed = await settled(id, ({ reason }) => reason !== null)
    expect(failed).toMatchObject({ state: 'pending', tries: 1, status: 503, reason: 'refused', response: 'later' })
    expect(Date.parse(failed.nextTryAt!)).toBeGreaterThan(Date.parse(failed.triedAt!) + 3000)
    expect((await getWebhook(root, id)).failingSince).not.toBeNull()
    receiver.answerWith((response) => response.writeHead(200).end())
    await makeDue(id)
    await settled(id, ({ state, tries }) => state === 'delivered' && tries === 2)
    const [first, second] = receiver.received
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id'])
    expect(second!.body).toBe(first!.body)
    expect(await verifies(second!, secret)).toBe(true)
    expect((await getWebhook(root, id)).failingSince).toBeNull()
  })

  test('fails after ten tries, and can be sent again', async () => {
    const receiver = await receive({ answer: (response) => response.writeHead(302, { location: '/elsewhere' }).end() })
    const { id } = await create(receiver.url)
    await rename('Ten')
    await world.db.updateTable('webhook_deliveries').set({ tries: 8 }).where('webhook_id', '=', id).execute()
    dispatch()
    expect(await settled(id, ({ tries, reason }) => tries === 9 && reason !== null)).toMatchObject({ state: 'pending' })
    await makeDue(id)
    const failed = await settled(id, ({ state }) => state === 'failed')
    expect(failed).toMatchObject({ tries: 10, reason: 'redirected', detail: '/elsewhere', nextTryAt: null })
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook'])
    receiver.answerWith((response) => response.writeHead(200).end())
    await redeliver(root, id, failed.id)
    expect(await settled(id, ({ state }) => state === 'delivered')).toMatchObject({ id: failed.id, tries: 1, reason: null })
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(new Set(ids)).toEqual(new Set([failed.id]))
  })

  test('is not sent when a name resolves to a private address', async () => {
    const receiver = await receive()
    const { id } = await create(`https://rebound.example.com:${receiver.port}/`)
    dispatch()
    await pingWebhook(root, id)
    expect(await settled(id, ({ reason }) => reason !== null)).toMatchObject({
      reason: 'address_not_allowed',
      detail: 'rebound.example.com resolves to 127.0.0.1',
    })
    expect(receiver.received).toEqual([])
  })
})

describe('a receiver', () => {
  test('that hangs delays no other receiver', async () => {
    const slow = await receive({ answer: () => {} })
    const fast = await receive()
    const [hanging, working] = [await create(slow.url), await create(fast.url)]
    for (let n = 0; n < 12; n++) await pingWebhook(root, hanging.id)
    dispatch()
    await slow.until(4)
    for (let n = 0; n < 12; n++) await pingWebhook(root, working.id)
    await fast.until(12)
    expect(slow.received.length).toBe(4)
    await settled(working.id, () => true)
    expect((await log(hanging.id)).every(({ state }) => state === 'pending')).toBe(true)
  })

  test('that accepts nothing for three days is switched off, and the owners are notified', async () => {
    const receiver = await receive({ answer: (response) => response.writeHead(500).end() })
    const { id } = await create(receiver.url)
    const admin = await world.at(await world.person('admin'))
    const failing = (days: number) =>
      world.db
        .updateTable('webhooks')
        .set({ failing_since: new Date(Date.now() - days * 24 * 3600 * 1000).toISOString() })
        .where('id', '=', id)
        .execute()
    dispatch()
    await failing(2.9)
    await pingWebhook(root, id)
    await settled(id, ({ reason }) => reason !== null)
    expect((await getWebhook(root, id)).enabled).toBe(true)
    await failing(3.1)
    await makeDue(id)
    await vi.waitUntil(async () => !(await getWebhook(root, id)).enabled, { timeout: 10_000 })
    expect(await getWebhook(root, id)).toMatchObject({
      switchedOffAt: expect.any(String) as string,
      switchedOffReason: 'failing',
    })
    const noticesOf = (context: typeof root) => listNotices(context, { ...page })
    const { items } = await noticesOf(root)
    expect(items[0]).toMatchObject({ kind: 'webhook-switched-off', actor: { kind: 'system', name: 'webhooks' }, readAt: null })
    expect((await noticesOf(admin)).items).toEqual([])
    await updateWebhook(root, id, { enabled: true })
    expect(await getWebhook(root, id)).toMatchObject({ enabled: true, switchedOffAt: null, failingSince: null })
  })
})

describe('a receiver that is gone', () => {
  test('is switched off by its first 410: the owners are notified, once, and nothing more is sent', async () => {
    const receiver = await receive({ answer: (response) => response.writeHead(410).end('bye') })
    const { id } = await create(receiver.url)
    for (let n = 0; n < 3; n++) await pingWebhook(root, id)
    const before = (await listNotices(root, { ...page })).items.length
    dispatch()
    const failed = await settled(id, ({ state }) => state === 'failed')
    expect(failed).toMatchObject({ tries: 1, status: 410, reason: 'refused', response: 'bye', nextTryAt: null })
    const off = await getWebhook(root, id)
    expect(off).toMatchObject({ enabled: false, switchedOffReason: 'gone' })
    expect(off.switchedOffAt).not.toBeNull()
    await vi.waitUntil(async () => (await log(id)).every(({ state }) => state === 'failed'), { timeout: 10_000 })
    const { items } = await listNotices(root, { ...page })
    expect(items.length).toBe(before + 1)
    expect(items[0]).toMatchObject({
      kind: 'webhook-switched-off',
      summary: `The webhook to ${new URL(receiver.url).host} was turned off, because its receiver answered 410 Gone`,
      readAt: null,
    })
    const events = await world.db.selectFrom('audit_events').selectAll().where('target_id', '=', id).orderBy('id').execute()
    expect(events.map(({ action }) => action)).toEqual(['webhook.created', 'webhook.switched-off'])
    expect(events[1]).toMatchObject({ actor_name: 'webhooks', after: { status: 410 } })

    receiver.answerWith((response) => response.writeHead(204).end())
    expect(await updateWebhook(root, id, { enabled: true })).toMatchObject({ switchedOffAt: null, switchedOffReason: null })
    await redeliver(root, id, failed.id)
    await settled(id, ({ state }) => state === 'delivered')
  })

  test('does not switch off a webhook that was redirected while it answered', async () => {
    const receiver = await receive()
    const { promise: redirected, resolve: redirect } = Promise.withResolvers<void>()
    const gone = await receive({ answer: (response) => void redirected.then(() => response.writeHead(410).end()) })
    const { id } = await create(gone.url)
    dispatch()
    await pingWebhook(root, id)
    await gone.until(1)
    await updateWebhook(root, id, { url: receiver.url })
    redirect()
    await settled(id, ({ status }) => status === 410)
    expect(await getWebhook(root, id)).toMatchObject({ enabled: true, switchedOffAt: null })
    await pingWebhook(root, id)
    await receiver.until(1)
  })
})

describe('a receiver with too much to do', () => {
  const later = (status: number, value: string) =>
    receive({ answer: (response) => response.writeHead(status, { 'retry-after': value }).end() })
  const secondsUntil = (time: string | null) => (Date.parse(time ?? '') - Date.now()) / 1000
  const soon = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString()

  test.for([
    ['429 with seconds', 429, '3600', 3600],
    ['503 with seconds', 503, '3600', 3600],
    ['429 with a date', 429, 'a date', 3600],
    ['503 with a date', 503, 'a date', 3600],
    ['429 until next year', 429, '31536000', 8 * 3600],
  ] as const)('is left alone as long as it asks, up to eight hours: %s', async ([, status, value, seconds]) => {
    const receiver = await later(status, value === 'a date' ? soon(3600) : value)
    const { id } = await create(receiver.url)
    dispatch()
    await pingWebhook(root, id)
    const failed = await settled(id, ({ reason }) => reason !== null)
    expect(failed).toMatchObject({ state: 'pending', status, tries: 1 })
    const { pausedUntil, enabled } = await getWebhook(root, id)
    expect(enabled).toBe(true)
    for (const time of [failed.nextTryAt, pausedUntil]) {
      expect(secondsUntil(time)).toBeGreaterThan(seconds - 20)
      expect(secondsUntil(time)).toBeLessThan(Math.min(seconds * 1.2, 8 * 3600) + 5)
    }
  })

  test('gets no other event either before then, and everything after', async () => {
    const receiver = await later(429, '3600')
    const { id } = await create(receiver.url)
    const { id: other } = await create((await receive()).url)
    dispatch()
    await pingWebhook(root, id)
    await settled(id, ({ reason }) => reason !== null)
    receiver.answerWith((response) => response.writeHead(204).end())
    await rename('While it is paused')
    await settled(other, ({ state }) => state === 'delivered')
    const [waiting] = await log(id)
    expect(waiting).toMatchObject({ action: 'project.updated', state: 'pending', tries: 0 })
    expect(secondsUntil(waiting!.nextTryAt)).toBeGreaterThan(3500)
    expect(receiver.received.length).toBe(1)
    await world.db.updateTable('webhooks').set({ paused_until: '2020-01-01T00:00:00Z' }).where('id', '=', id).execute()
    await receiver.until(2)
  })

  test.for([
    ['a ping', (id: string) => pingWebhook(root, id)],
    ['switching it on', (id: string) => updateWebhook(root, id, { enabled: true })],
  ] as const)('is asked again at once after %s', async ([, ask]) => {
    const receiver = await later(503, '3600')
    const { id } = await create(receiver.url)
    dispatch()
    await pingWebhook(root, id)
    await settled(id, ({ reason }) => reason !== null)
    receiver.answerWith((response) => response.writeHead(204).end())
    await makeDue(id)
    await ask(id)
    await settled(id, ({ state }) => state === 'delivered')
    expect((await getWebhook(root, id)).pausedUntil).toBeNull()
  })

  test.for([
    [500, '3600'],
    [429, 'soon'],
    [503, '-1'],
    [429, '1'],
  ] as const)('is retried as usual after %s with Retry-After: %s', async ([status, value]) => {
    const receiver = await later(status, value)
    const { id } = await create(receiver.url)
    dispatch()
    await pingWebhook(root, id)
    const { nextTryAt, triedAt } = await settled(id, ({ reason }) => reason !== null)
    const pause = (Date.parse(nextTryAt!) - Date.parse(triedAt!)) / 1000
    expect(pause).toBeGreaterThan(3.9)
    expect(pause).toBeLessThan(9)
  })
})

describe('a process', () => {
  test('that stops aborts deliveries under way, which are due again at once and not counted', async () => {
    const receiver = await receive({ answer: () => {} })
    const { id } = await create(receiver.url)
    const dispatcher = dispatch()
    await pingWebhook(root, id)
    await receiver.until(1)
    await dispatcher.stop()
    expect(await log(id)).toMatchObject([{ state: 'pending', tries: 0 }])
    const room = { perWebhook: 1, perOrganization: 1, total: 1, busy: new Map<string, number>(), leaseSeconds: 60 }
    expect((await claimDeliveries(world.db, room)).map((claimed) => claimed.webhook_id)).toEqual([id])
  })

  test('running beside another sends nothing twice', async () => {
    const receiver = await receive()
    const { id } = await create(receiver.url)
    for (let n = 0; n < 40; n++) await pingWebhook(root, id)
    dispatch()
    dispatch()
    await vi.waitUntil(async () => (await log(id)).every(({ state }) => state === 'delivered'), { timeout: 10_000 })
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect([ids.length, new Set(ids).size]).toEqual([40, 40])
  })
})

test('backs off up to eight hours, over about a day for ten tries, with a fifth of jitter', () => {
  const pauses = Array.from({ length: 9 }, (_, n) => pauseAfter(n + 1, 0.5))
  expect(pauses).toEqual([5, 20, 80, 320, 1280, 5120, 20_480, 28_800, 28_800])
  const hours = pauses.reduce((sum, pause) => sum + pause, 0) / 3600
  expect(Math.round(hours)).toBe(24)
  expect([pauseAfter(1, 0), pauseAfter(1, 1)].map(Math.round)).toEqual([4, 6])
})
