import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { countWaiting } from '#test/support/database/database'
import { CreateWebhook, RotateWebhookSecret, UpdateWebhook } from '#contract/webhooks/webhooks'
import { inTransaction } from '#db/client'
import { audit } from '../audit/audit.ts'
import type { OrgContext } from '../context.ts'
import { createEnvironment } from '../projects/environments.ts'
import { nukeProject } from '../nuke/nuke.ts'
import { updateProject } from '../projects/projects.ts'
import { createWorld, openWorld, page, refused } from '#test/support/world/world'
import { claimDeliveries, listDeliveries, deliveryToSend, pingWebhook, purgeDeliveries, redeliver } from './deliveries.ts'
import { rotateWebhookSecrets } from './secrets.ts'
import { createWebhook, deleteWebhook, getWebhook, listWebhooks, rotateWebhookSecret, updateWebhook } from './webhooks.ts'

vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long')
const world = await openWorld({ max: 12 })
const other = await createWorld(world.db, 'other')
afterAll(world.close)
afterAll(() => vi.unstubAllEnvs())

const root = await world.at(world.root)
const url = 'https://siem.example.com/hook?key=sesame'
const create = (given: object = {}, context = root) => createWebhook(context, CreateWebhook.parse({ url, ...given }))
const change = (id: string, given: object, context = root) => updateWebhook(context, id, UpdateWebhook.parse(given))
const rotation = RotateWebhookSecret.parse({})
const log = async (id: string, context = root) => (await listDeliveries(context, id, { ...page, state: undefined })).items
const sentTo = async (id: string) => (await log(id)).map(({ action }) => action)
const events = async () =>
  (await world.db.selectFrom('audit_events').select(['action', 'target_name', 'after']).orderBy('id').execute()).filter(
    ({ action }) => action.startsWith('webhook.'),
  )

beforeEach(async () => {
  await world.db.deleteFrom('webhooks').execute()
})

const verbs: [string, (context: OrgContext, id: string) => Promise<unknown>][] = [
  ['get', getWebhook],
  ['update', (c, id) => change(id, { description: 'x' }, c)],
  ['rotate', (c, id) => rotateWebhookSecret(c, id, rotation)],
  ['ping', pingWebhook],
  ['deliveries', (c, id) => listDeliveries(c, id, { ...page, state: undefined })],
  ['redeliver', (c, id) => redeliver(c, id, id)],
  ['delete', deleteWebhook],
]

const ofAll: typeof verbs = [
  ['list', (c) => listWebhooks(c, page)],
  ['create', (c) => create({}, c)],
]

describe('who manages webhooks', () => {
  test.for([...ofAll, ...verbs])('%s: admins and owners', async ([name, verb]) => {
    const { id } = await create()
    const before = (await events()).length
    for (const role of ['member', 'viewer'] as const)
      expect(await refused(verb(await world.at(await world.person(role)), id))).toBe('forbidden')
    const { actor } = await world.token(await world.project(`of-${name}`), { role: 'admin' })
    expect(await refused(verb(await world.at(actor), id))).toBe('forbidden')
    expect((await events()).length).toBe(before)
    const answer = await verb(await world.at(await world.person('admin')), id).catch((error: unknown) => error)
    expect(answer).not.toMatchObject({ code: 'forbidden' })
  })

  test.for(verbs)('%s: of this organization', async ([, verb]) => {
    const { id } = await create()
    expect(await refused(verb(await other.at(other.root), id))).toBe('webhook_not_found')
  })
})

describe('a webhook', () => {
  test('shows its secret once, stores it encrypted, and keeps it out of events', async () => {
    const made = await create({ description: 'SIEM' })
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const rotated = await rotateWebhookSecret(root, made.id, rotation)
    expect(rotated.secret).not.toBe(made.secret)
    const rows = JSON.stringify(await world.db.selectFrom('webhooks').selectAll().execute())
    for (const secret of [made.secret, rotated.secret]) {
      expect(rows).not.toContain(secret)
      expect(JSON.stringify([await getWebhook(root, made.id), await events()])).not.toContain(secret)
    }
  })

  test('every change writes one event, which names the host and not the rest of the URL', async () => {
    const before = (await events()).length
    const { id } = await create({ events: ['member.*', 'project.nuked'] })
    await change(id, { enabled: false })
    await rotateWebhookSecret(root, id, rotation)
    await deleteWebhook(root, id)
    const written = (await events()).slice(before)
    expect(written.map(({ action }) => action)).toEqual([
      'webhook.created',
      'webhook.updated',
      'webhook.secret-rotated',
      'webhook.deleted',
    ])
    expect(new Set(written.map(({ target_name }) => target_name))).toEqual(new Set(['siem.example.com']))
    expect(written[1]!.after).toMatchObject({ enabled: false, changed: ['enabled'] })
    expect(JSON.stringify(written)).not.toContain('sesame')
  })

  test('twenty at most, also when several are created at once', async () => {
    for (let n = 0; n < 18; n++) await create()
    const tries = await Promise.allSettled(Array.from({ length: 6 }, () => create()))
    expect(tries.filter(({ status }) => status === 'fulfilled').length).toBe(2)
    expect(await refused(create())).toBe('webhook_limit_reached')
    await createWebhook(await other.at(other.root), CreateWebhook.parse({ url }))
  })

  test('refuses a change from an older version', async () => {
    const made = await create()
    const { updatedAt } = await change(made.id, { description: 'one' })
    const old = { ...root, ifMatch: made.updatedAt.replaceAll(/\D/g, '') }
    expect(await refused(change(made.id, { description: 'two' }, old))).toBe('precondition_failed')
    await change(made.id, { description: 'two' }, { ...root, ifMatch: updatedAt.replaceAll(/\D/g, '') })
  })

  test('its URL is checked when it is created and when it is changed', async () => {
    expect(await refused(create({ url: 'https://10.0.0.1/' }))).toBe('webhook_address_not_allowed')
    const { id } = await create()
    expect(await refused(change(id, { url: 'https://169.254.169.254/' }))).toBe('webhook_address_not_allowed')
    vi.stubEnv('BULKHEAD_WEBHOOK_ALLOWED_HOSTS', '10.0.0.1')
    const allowed = await create({ url: 'https://10.0.0.1/' })
    vi.stubEnv('BULKHEAD_WEBHOOK_ALLOWED_HOSTS', '')
    await change(allowed.id, { url: 'https://10.0.0.1/', description: 'as before' })
  })

  test('its projects must be in its organization', async () => {
    const mine = await world.project('mine')
    const theirs = await other.project('theirs')
    expect((await create({ projects: [mine.id, 'mine'] })).projects).toEqual([{ id: mine.id, slug: 'mine', name: 'mine' }])
    for (const named of [theirs.id, 'theirs', 'nowhere'])
      expect(await refused(create({ projects: [named] }))).toBe('project_not_found')
  })
})

describe('the queue', () => {
  test('holds each event once for each webhook that asks for it', async () => {
    const [one, two] = [await world.project('queue-1'), await world.project('queue-2')]
    const all = await create()
    const nukes = await create({ events: ['project.nuked'] })
    const environments = await create({ events: ['environment.*', 'webhook.updated'] })
    const ofTwo = await create({ projects: ['queue-2'] })
    const off = await create({ enabled: false })
    const theirs = await createWebhook(await other.at(other.root), CreateWebhook.parse({ url }))
    const before = await sentTo(all.id)
    for (const project of [one, two]) {
      await createEnvironment(await world.inside(project), { name: 'staging' })
      await nukeProject(await world.inside(project), { confirm: project.slug })
    }
    await change(all.id, { description: 'changed' })
    const made = ['environment.created', 'project.nuked']
    expect(await sentTo(all.id)).toEqual([...made, ...made, 'webhook.updated'].toReversed().concat(before))
    expect(await sentTo(nukes.id)).toEqual(['project.nuked', 'project.nuked'])
    expect(await sentTo(environments.id)).toEqual(['webhook.updated', 'environment.created', 'environment.created'])
    expect(await sentTo(ofTwo.id)).toEqual(made.toReversed())
    expect(await sentTo(off.id)).toEqual([])
    expect((await log(theirs.id, await other.at(other.root))).map(({ action }) => action)).toEqual(['webhook.created'])
    const ids = (await log(nukes.id)).map(({ id }) => id)
    const logged = world.db.selectFrom('audit_events').select('id').where('action', '=', 'project.nuked').orderBy('id', 'desc')
    expect((await logged.limit(2).execute()).map(({ id }) => id)).toEqual(ids)
  })

  test('holds nothing that was rolled back', async () => {
    const { id } = await create({ events: ['project.updated'] })
    const context = await world.inside(await world.project('rolled-back'))
    const undone = inTransaction(world.db, async (trx) => {
      await updateProject({ ...context, db: trx }, { name: 'New', metadata: undefined })
      throw new Error('no')
    })
    await expect(undone).rejects.toThrow('no')
    expect(await sentTo(id)).toEqual([])
  })

  test('does not miss an event that commits late', async () => {
    const { id } = await create({ events: ['project.updated'] })
    const [slow, fast] = [await world.inside(await world.project('slow')), await world.inside(await world.project('fast'))]
    const written = Promise.withResolvers<void>()
    const mayCommit = Promise.withResolvers<void>()
    const late = inTransaction(world.db, async (trx) => {
      await updateProject({ ...slow, db: trx }, { name: 'Slow', metadata: undefined })
      written.resolve()
      await mayCommit.promise
    })
    await written.promise
    await updateProject(fast, { name: 'Fast', metadata: undefined })
    const room = { perWebhook: 10, perOrganization: 10, total: 10, busy: new Map<string, number>(), leaseSeconds: 60 }
    const mine = async () => (await claimDeliveries(world.db, room)).filter(({ webhook_id }) => webhook_id === id)
    expect((await mine()).length).toBe(1)
    mayCommit.resolve()
    await late
    expect((await mine()).length).toBe(1)
  })

  test('lets a writer go on while a webhook that wants its event is deleted, and the deletion waits for writers', async () => {
    const { id } = await create({ events: ['project.updated'] })
    const context = await world.inside(await world.project('crossing'))
    const deleted = Promise.withResolvers<void>()
    const mayCommit = Promise.withResolvers<void>()
    const deleting = inTransaction(world.db, async (trx) => {
      await deleteWebhook({ ...root, db: trx }, id)
      deleted.resolve()
      await mayCommit.promise
    })
    await deleted.promise
    const writing = updateProject(context, { name: 'Written', metadata: undefined })
    await vi.waitUntil(async () => (await countWaiting(world.db)) > 0)
    mayCommit.resolve()
    await deleting
    expect((await writing).name).toBe('Written')
  })

  test('takes nothing new while a webhook is off, and continues with the waiting events when it is on again', async () => {
    const { id } = await create({ events: ['project.updated'] })
    const context = await world.inside(await world.project('paused'))
    const rename = (name: string) => updateProject(context, { name, metadata: undefined })
    await rename('One')
    await change(id, { enabled: false })
    await rename('Two')
    expect(await refused(pingWebhook(root, id))).toBe('webhook_disabled')
    const waiting = await log(id)
    expect(waiting.map(({ state }) => state)).toEqual(['pending'])
    expect(await refused(redeliver(root, id, waiting[0]!.id))).toBe('webhook_disabled')
    const room = { perWebhook: 10, perOrganization: 10, total: 10, busy: new Map<string, number>(), leaseSeconds: 60 }
    const mine = async () => (await claimDeliveries(world.db, room)).filter(({ webhook_id }) => webhook_id === id)
    expect(await mine()).toEqual([])
    await change(id, { enabled: true })
    expect((await mine()).length).toBe(1)
  })

  test('never exceeds the room of one webhook, and each webhook has its own', async () => {
    const [busy, idle] = [await create({ events: ['project.nuked'] }), await create({ events: ['project.nuked'] })]
    for (let n = 0; n < 5; n++) for (const { id } of [busy, idle]) await pingWebhook(root, id)
    const room = { perWebhook: 3, perOrganization: 100, total: 100, busy: new Map([[busy.id, 2]]), leaseSeconds: 60 }
    const taken = Object.groupBy(await claimDeliveries(world.db, room), ({ webhook_id }) => webhook_id)
    expect([taken[busy.id]?.length, taken[idle.id]?.length]).toEqual([1, 3])
  })

  test('leases a delivery to one process, and makes it due again when the lease ends', async () => {
    const { id } = await create({ events: ['project.nuked'] })
    await pingWebhook(root, id)
    const room = { perWebhook: 3, perOrganization: 100, total: 100, busy: new Map<string, number>(), leaseSeconds: 60 }
    const [first, second] = await Promise.all([claimDeliveries(world.db, room), claimDeliveries(world.db, room)])
    expect([...first, ...second].length).toBe(1)
    expect((await claimDeliveries(world.db, { ...room, leaseSeconds: 0 })).length).toBe(0)
    const past = '2020-01-01T00:00:00Z'
    await world.db.updateTable('webhook_deliveries').set({ next_try_at: past }).where('webhook_id', '=', id).execute()
    expect((await claimDeliveries(world.db, room)).map(({ tries }) => tries)).toEqual([2])
  })
})

describe('fairness between organizations', () => {
  /** Three webhooks of one organization with many overdue deliveries; one of another with one ping that is due now. */
  async function queued() {
    const many = [await create(), await create(), await create()]
    for (let i = 0; i < 5; i++) for (const { id } of many) await pingWebhook(root, id)
    const theirs = await other.at(other.root)
    const one = await create({}, theirs)
    await pingWebhook(theirs, one.id)
    const past = '2020-01-01T00:00:00Z'
    const ids = many.map(({ id }) => id)
    await world.db.updateTable('webhook_deliveries').set({ next_try_at: past }).where('webhook_id', 'in', ids).execute()
    return { many: ids, one: one.id }
  }
  const room = { perWebhook: 4, perOrganization: 100, total: 100, busy: new Map<string, number>(), leaseSeconds: 60 }
  const taken = async (limits: Partial<typeof room>) =>
    (await claimDeliveries(world.db, { ...room, ...limits })).map(({ webhook_id }) => webhook_id)

  test('an organization with many due deliveries leaves a place to another', async () => {
    const { many, one } = await queued()
    const first = await taken({ total: 3 })
    expect(first).toHaveLength(3)
    expect(first).toContain(one)
    expect(first.filter((id) => many.includes(id))).toHaveLength(2)
  })

  test('an organization never exceeds its share, over all of its webhooks', async () => {
    const { many, one } = await queued()
    const busy = new Map([
      [many[0]!, 4],
      [many[1]!, 1],
    ])
    const first = await taken({ perOrganization: 8, busy })
    expect(first.filter((id) => many.includes(id))).toHaveLength(3)
    expect(first).not.toContain(many[0])
    expect(first).toContain(one)
  })

  test('those with deliveries under way come after those with none', async () => {
    const { many, one } = await queued()
    expect(await taken({ total: 1, busy: new Map([[many[0]!, 1]]) })).toEqual([one])
  })
})

test('deliveries are kept for thirty days', async () => {
  const { id } = await create({ events: ['project.updated'] })
  const context = await world.inside(await world.project('old'))
  await updateProject(context, { name: 'Old', metadata: undefined })
  const day = 24 * 3600 * 1000
  expect(await purgeDeliveries(world.db, new Date(Date.now() + 29 * day))).toBe(0)
  expect(await purgeDeliveries(world.db, new Date(Date.now() + 31 * day))).toBe(1)
  expect(await log(id)).toEqual([])
})

test('a nuke keeps a webhook, and so does its organization, whose audit log is kept', async () => {
  const { id } = await create({ projects: null })
  const context = await world.inside(await world.project('nuked'))
  await nukeProject(context, { confirm: 'nuked' })
  expect((await getWebhook(root, id)).enabled).toBe(true)
  const other = await createWorld(world.db, 'kept')
  const theirs = await createWebhook(await other.at(other.root), CreateWebhook.parse({ url }))
  const events = world.db.deleteFrom('audit_events').where('org_id', '=', other.org.id)
  await expect(events.execute()).rejects.toThrow('audit events are neither changed nor deleted')
  const organization = world.db.deleteFrom('organizations').where('id', '=', other.org.id)
  await expect(organization.execute()).rejects.toThrow(/audit_events_org_id_fkey/)
  expect((await getWebhook(await other.at(other.root), theirs.id)).enabled).toBe(true)
})

test('secrets survive a change of BULKHEAD_SECRET, and are re-encrypted', async () => {
  const { id } = await create({ events: ['project.nuked'] })
  await rotateWebhookSecret(root, id, rotation)
  await pingWebhook(root, id)
  const [claimed] = await claimDeliveries(world.db, {
    perWebhook: 1,
    perOrganization: 10,
    total: 10,
    busy: new Map<string, number>(),
    leaseSeconds: 60,
  })
  const signatures = async () => {
    const message = await deliveryToSend(world.db, claimed!)
    return message && 'headers' in message ? message.headers['webhook-signature']!.split(' ').length : message
  }
  expect(await signatures()).toBe(2)
  const inTheMeantime = await audited()
  vi.stubEnv('BULKHEAD_SECRET', 'another secret for this test, long too')
  expect(await signatures()).toEqual({ reason: 'secret_unreadable' })
  expect(await rotateWebhookSecrets(world.db)).toEqual({ resealed: 0, unknown: 2 })
  vi.stubEnv('BULKHEAD_PREVIOUS_SECRETS', 'a secret for this test that is long')
  expect(await signatures()).toBe(2)
  expect(await rotateWebhookSecrets(world.db)).toEqual({ resealed: 2, unknown: 0 })
  vi.stubEnv('BULKHEAD_PREVIOUS_SECRETS', '')
  expect(await signatures()).toBe(2)
  expect(await audited()).toBe(inTheMeantime)
})

const audited = async () => (await world.db.selectFrom('audit_events').select('id').execute()).length

test('an event outside any organization is queued for nobody', async () => {
  const { id } = await create()
  const before = (await log(id)).length
  await inTransaction(world.db, (trx) => audit(trx, { ...root, org: undefined }, 'password.changed', { kind: 'user', id }))
  expect((await log(id)).length).toBe(before)
})
