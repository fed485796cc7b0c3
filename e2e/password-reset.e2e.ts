import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { type Mail, startInbox } from '#test/support/servers/inbox'
import { signIn } from './api.ts'
import { expect, expectNoViolations, test as base } from './fixtures.ts'
import { password } from './people.ts'
import { startServer } from '#test/support/servers/server'

const email = 'fay@first.test'
const better = 'tuesday apricot lantern'

/** A server of its own whose mail reaches the test. */
const test = base.extend<{ mailing: { url: string; nextMail: () => Promise<Mail> } }>({
  mailing: async ({ database }, use) => {
    const inbox = await startInbox()
    const name = `mailing_${randomBytes(4).toString('hex')}`
    await sql`create database ${sql.id(name)}`.execute(database)
    const address = new URL(process.env['E2E_DATABASE_URL'] ?? '')
    address.pathname = `/${name}`
    const server = await startServer({
      DATABASE_URL: address.href,
      BULKHEAD_SECRET: randomBytes(32).toString('hex'),
      BULKHEAD_SMTP_URL: inbox.url,
      BULKHEAD_ADMIN_EMAIL: email,
      BULKHEAD_ADMIN_PASSWORD: password,
      BULKHEAD_ORG: 'First',
    })
    await use({ url: server.url, nextMail: inbox.next })
    await server.stop()
    await sql`drop database ${sql.id(name)} with (force)`.execute(database)
    await inbox.stop()
  },
})

test('replaces a forgotten password through the mailed link, once, and signs out everywhere', async ({
  mailing,
  page,
  browser,
}) => {
  const elsewhere = await browser.newContext()
  await signIn(elsewhere.request, email, mailing.url)
  await page.goto(`${mailing.url}/login`)
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await expect(page).toHaveTitle(/Reset your password/)
  await expectNoViolations(page)
  await page.getByLabel('Email').fill(email)
  await page.getByRole('button', { name: 'Email me a link' }).click()
  await expect(page.getByRole('heading', { name: 'Check your email' })).toBeVisible()
  await expectNoViolations(page)

  const { to, text } = await mailing.nextMail()
  expect(to).toEqual([email])
  const link = /https?:\/\/\S+\/reset-password\/\S+/.exec(text)![0]
  await page.goto(link)
  await expect(page.getByLabel('Email')).toHaveValue(email)
  const set = async (secret: string, again = secret) => {
    await page.getByLabel('New password', { exact: true }).fill(secret)
    await page.getByLabel('New password again').fill(again)
    await page.getByRole('button', { name: 'Set password' }).click()
  }
  await set(better, 'something else')
  await expect(page.getByText('The two passwords are different.')).toBeVisible()
  await set('Bulkhead 2026')
  await expect(page.getByText(/consists of your name, your email or the product’s name/)).toBeVisible()
  await expectNoViolations(page)
  await set(better)
  await expect(page.getByRole('heading', { name: 'Your password was changed' })).toBeVisible()
  expect((await elsewhere.request.get(`${mailing.url}/me`)).status()).toBe(401)
  expect((await mailing.nextMail()).text).toContain('was changed')

  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(better)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(/\/console\/first$/)

  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'This link was already used' })).toBeVisible()
  await expectNoViolations(page)
  await page.goto(`${mailing.url}/reset-password/made-up`)
  await expect(page.getByRole('heading', { name: 'Link not found' })).toBeVisible()
  await elsewhere.close()
})
