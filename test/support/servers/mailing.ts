import { afterAll, vi } from 'vitest'
import { createTestDatabase } from '#test/support/database/database'
import { startInbox } from './inbox.ts'

/** A database and an inbox for the mails of its jobs, for the tests of one file. */
export async function startMailing() {
  const inbox = await startInbox()
  vi.stubEnv('BULKHEAD_SMTP_URL', inbox.url)
  vi.stubEnv('BULKHEAD_URL', 'https://bulkhead.example')
  const { db, url, drop } = await createTestDatabase()
  afterAll(async () => {
    await drop()
    await inbox.stop()
    vi.unstubAllEnvs()
  })
  return { db, url, inbox }
}
