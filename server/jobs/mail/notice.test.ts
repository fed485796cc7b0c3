import { afterAll, expect, test, vi } from 'vitest'
import { createTestDatabase } from '#test/support/database/database'
import { listNotices } from '#domain/notices/notices'
import { nukeProject, purgeWipe } from '#domain/nuke/nuke'
import { grantOwner } from '#domain/organizations/members'
import { removeMember } from '#domain/members/members'
import { addType } from '#test/support/world/catalog'
import { createWorld, page } from '#test/support/world/world'
import { startInbox } from '#test/support/servers/inbox'
import { startJobs } from '../worker.ts'
import { mailNotice } from './notice.ts'

const inbox = await startInbox()

vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long')
vi.stubEnv('BULKHEAD_URL', 'https://console.test')
const { url, db, drop } = await createTestDatabase()
const world = await createWorld(db)
const jobs = await startJobs(db, url)
afterAll(async () => {
  await jobs.stop()
  await drop()
  await inbox.stop()
  vi.unstubAllEnvs()
})

const withServer = () => vi.stubEnv('BULKHEAD_SMTP_URL', inbox.url)
const queued = async () =>
  (
    await db
      .withSchema('graphile_worker')
      .selectFrom('_private_jobs' as never)
      .select('id' as never)
      .execute()
  ).length
/** Resolves once every job has run. */
const idle = () => vi.waitUntil(async () => (await queued()) === 0, { timeout: 10_000, interval: 20 })
const arrived = (count: number) => vi.waitUntil(() => inbox.mails.length >= count && inbox.take(), { timeout: 10_000 })

const project = await world.project('mailed')
const owner = await world.member(project, { role: 'owner' })
const admin = await world.member(project, { role: 'admin' })

test('sends nothing without a mail server, and still shows the notice in the console', async () => {
  await nukeProject(await world.inside(project), { confirm: 'mailed' })
  await idle()
  expect(inbox.mails).toEqual([])
  const { items } = await listNotices(await world.at(owner), { ...page, unread: undefined })
  expect(items.map(({ kind }) => kind)).toEqual(['nuked', 'owner-made'])
})

test('mails each owner but the author once: what, who, until when, and a link', async () => {
  withServer()
  await addType(await world.inside(project))
  const { wipeId } = await nukeProject(await world.inside(project), { confirm: 'mailed' })
  const [mail, ...more] = await arrived(1)
  await idle()
  expect([more, inbox.mails]).toEqual([[], []])
  expect(mail!.to).toEqual([owner.email])
  expect(mail!.text).toContain(`Subject: ${world.root.email} nuked the project mailed`)
  expect(mail!.text).toMatch(/It can be undone until \d{4}-\d\d-\d\d \d\d:\d\d UTC/)
  expect(mail!.text).toContain(`https://console.test/console/acme/mailed/settings/wipes?wipe=${wipeId}`)
  const { items } = await listNotices(await world.at(owner), { ...page, unread: undefined })
  await mailNotice(db, { userId: owner.id, noticeId: items[0]!.id })
  expect(inbox.mails).toEqual([])
})

test('says the reason, and mails a purge', async () => {
  await addType(await world.inside(project))
  const { wipeId } = await nukeProject(await world.inside(project), { confirm: 'mailed', reason: 'Wrong région; ask Mara' })
  const [nuked] = await arrived(1)
  expect(nuked!.text).toMatch(/Reason: Wrong r(é|=C3=A9)gion; ask Mara/)
  await purgeWipe(await world.inside(project), wipeId!, { confirm: 'mailed' })
  const [purged] = await arrived(1)
  await idle()
  const text = purged!.text.replaceAll(/=\r?\n|\r?\n /g, '')
  expect(text).toContain(`${world.root.email} permanently deleted nuked data of the project mailed`)
  expect(text).not.toMatch(/Reason:|It can be undone/)
})

test('notifies every owner of an admin’s nuke, and a removed owner of the removal', async () => {
  const doing = await world.inside(project, admin)
  await nukeProject(doing, { confirm: 'mailed' })
  const byAdmin = await arrived(2)
  expect(new Set(byAdmin.flatMap(({ to }) => to))).toEqual(new Set([owner.email, world.root.email]))
  await removeMember(await world.inside(project), owner.id)
  const [removal] = await arrived(1)
  expect(removal!.to).toEqual([owner.email])
  expect(removal!.text).toContain(`${world.root.email} removed`)
})

test('mails changes by the command line from the server', async () => {
  await grantOwner(db, world.org, { id: admin.id, email: admin.email })
  const mails = await arrived(2)
  await idle()
  expect(new Set(mails.flatMap(({ to }) => to))).toEqual(new Set([admin.email, world.root.email]))
  expect(mails[0]!.text).toContain(`cli made ${admin.email} an owner of the organization acme`)
  expect(mails[0]!.text).toContain('https://console.test/console/acme/settings/people')
})
