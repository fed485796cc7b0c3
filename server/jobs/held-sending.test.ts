import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { addJob } from '#db/queries/jobs'
import { hold } from '#db/queries/restore-holds'
import { claimDeliveries } from '#db/queries/webhooks/deliveries'
import { resume } from '#domain/maintenance/restore-holds'
import { startMailing } from '#test/support/servers/mailing'
import { createWorld } from '#test/support/world/world'
import { startMail } from './mail/start.ts'
import { prepareJobs } from './queue.ts'

const { db, url, inbox } = await startMailing()

test('after a restore, mails and deliveries wait until sending is resumed, and none is lost', async () => {
  await prepareJobs(url)
  const { org } = await createWorld(db)
  await sql`insert into webhooks (id, org_id, url, description, enabled, sealed, sealed_by)
    values (gen_random_uuid(), ${org.id}, 'https://siem.example.com', '', true, '', '')`.execute(db)
  await sql`insert into webhook_deliveries (webhook_id, id, action) select id, gen_random_uuid(), 'ping' from webhooks`.execute(
    db,
  )
  await db.transaction().execute((trx) => hold(trx, 'sending'))
  const changedAt = new Date().toISOString()
  await db.transaction().execute((trx) => addJob(trx, 'mail-password-changed', { email: 'ada@waiting.test', changedAt }, 'ada'))
  const room = { perWebhook: 5, perOrganization: 5, total: 5, busy: new Map<string, number>(), leaseSeconds: 60 }

  const mail = await startMail(db, url, 20)
  onTestFinished(() => mail.stop())
  expect(mail.workers()).toEqual([])
  expect(await claimDeliveries(db, room)).toEqual([])

  await resume(db, 'sending')
  // The other one tells the owner of their organization.
  const recipients = [await inbox.next(), await inbox.next()].flatMap(({ to }) => to)
  expect(recipients.toSorted()).toEqual(['ada@waiting.test', 'root@acme.test'])
  expect(mail.workers()).toHaveLength(1)
  expect(await claimDeliveries(db, room)).toHaveLength(1)
})
