import { sql } from 'kysely'
import { afterAll, expect, test, vi } from 'vitest'
import { CreateToken } from '#contract/tokens/tokens'
import { createTestDatabase } from '#test/support/database/database'
import { createWorld } from '#test/support/world/world'
import { createPersonalToken, createToken } from '#domain/tokens/tokens'
import { startInbox } from '#test/support/servers/inbox'
import { startJobs } from '../worker.ts'

const inbox = await startInbox()
const { db, url, drop } = await createTestDatabase({ max: 8 })
const world = await createWorld(db)
vi.stubEnv('BULKHEAD_URL', 'https://bulkhead.example')
// Two processes on one database.
const processes = [await startJobs(db, url), await startJobs(db, url)]
afterAll(async () => {
  await Promise.all(processes.map((one) => one.stop()))
  await drop()
  await inbox.stop()
  vi.unstubAllEnvs()
})

/** Runs the job several times at once, and waits until only jobs that wait for a retry are left. */
async function tell(times = 4) {
  for (let i = 0; i < times; i++) await sql`select graphile_worker.add_job('tell-expiries')`.execute(db)
  await vi.waitFor(
    async () => {
      const { rows } = await sql`select from graphile_worker._private_jobs j
        join graphile_worker._private_tasks t on t.id = j.task_id
        where t.identifier in ('tell-expiries', 'mail-expiry') and j.attempts = 0 or j.locked_at is not null`.execute(db)
      expect(rows).toEqual([])
    },
    { timeout: 15_000 },
  )
  return inbox.take()
}

/** To the hour, so that the time in the mail is known. */
const at = new Date(Date.now() + 3 * 86_400_000).toISOString()
const grow = async () => {
  for (const table of ['project_members', 'project_tokens', 'personal_tokens'] as const)
    await db.updateTable(table).set({ created_at: '2026-01-01T00:00:00Z' }).execute()
}

const project = await world.project('payments')
const member = await world.member(project, { expiresAt: at })
await createToken(await world.inside(project), CreateToken.parse({ name: 'ci', expiresAt: at }))
await createPersonalToken(await world.at(member), { name: 'laptop', expiresAt: at })
await grow()

test('sends nothing without a mail server, and marks nothing as sent', async () => {
  vi.stubEnv('BULKHEAD_SMTP_URL', '')
  expect(await tell()).toEqual([])
  expect(await db.selectFrom('expiry_notices').selectAll().execute()).toEqual([])
})

test('mails everybody once, in plain text, whatever the number of processes', async () => {
  vi.stubEnv('BULKHEAD_SMTP_URL', inbox.url)
  const mails = await tell()
  const subjects = mails.map(({ to, text }) => `${to[0]} ${/^Subject: (.*)$/m.exec(text)?.[1]}`)
  expect(subjects).toHaveLength(3)
  expect(new Set(subjects)).toEqual(
    new Set([
      `${member.email} Your access to payments expires in 3 days`,
      `${member.email} Your personal token laptop expires in 3 days`,
      `${world.root.email} The token ci of payments expires in 3 days`,
    ]),
  )
  const text = (subject: string) => mails.find((mail) => mail.text.includes(`Subject: ${subject}`))!.text
  const access = text('Your access')
  expect(access).toContain('Content-Type: text/plain')
  expect(access).toContain(`${at.slice(11, 16)} UTC, in 3 days.`)
  expect(access).toContain(`To keep it, ask one of the owners to extend it:\nroot <${world.root.email}>`)
  expect(access).toContain('https://bulkhead.example/console/acme/payments\n')
  expect(text('The token ci')).toContain('https://bulkhead.example/console/acme/payments/tokens')
  expect(text('Your personal token')).toContain('https://bulkhead.example/console/acme/settings/personal-tokens')
  expect(await tell()).toEqual([])
})

test('retries a mail that could not be delivered, and does not send the others twice', async () => {
  const [one, two] = [await world.member(project, { expiresAt: at }), await world.member(project, { expiresAt: at })]
  await grow()
  inbox.refuses.add(one.email)
  expect((await tell()).map(({ to }) => to[0])).toEqual([two.email])
  await sql`update graphile_worker._private_jobs set run_at = now()`.execute(db)
  await vi.waitFor(() => expect(inbox.mails.map(({ to }) => to[0])).toEqual([one.email]), { timeout: 15_000 })
  expect((await tell()).map(({ to }) => to[0])).toEqual([one.email])
})
