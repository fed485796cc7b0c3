import type { Page } from '@playwright/test'
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { expect, expectNoViolations, test as base } from './fixtures.ts'
import { password } from './people.ts'
import { type Server, startServer } from '#test/support/servers/server'

/** A server on an empty database, without any user. */
const test = base.extend<{ empty: Server }>({
  empty: async ({ database }, use) => {
    const name = `empty_${randomBytes(4).toString('hex')}`
    await sql`create database ${sql.id(name)}`.execute(database)
    const address = new URL(process.env['E2E_DATABASE_URL'] ?? '')
    address.pathname = `/${name}`
    const server = await startServer({ DATABASE_URL: address.href, BULKHEAD_SECRET: randomBytes(32).toString('hex') })
    await use(server)
    await server.stop()
    await sql`drop database ${sql.id(name)} with (force)`.execute(database)
  },
})

async function fill(page: Page) {
  await page.getByLabel('Your name').fill('Fay First')
  await page.getByLabel('Email').fill('fay@first.test')
  await page.getByLabel('Password').fill(password)
  await page.getByLabel('Organization', { exact: true }).fill('First & Sons')
  await expect(page.getByLabel('Organization slug')).toHaveValue('first-sons')
  await page.getByRole('button', { name: 'Set up and sign in' }).click()
}

test('lets the first owner register once with the link printed at the first start, and opens their organization', async ({
  empty,
  page,
}) => {
  await page.goto(empty.setUpLink ?? '')
  await expect(page).toHaveTitle(/Set up/)
  await expectNoViolations(page)
  await fill(page)
  await expect(page).toHaveURL(`${empty.url}/console/first-sons`)
  await expect(page.getByRole('heading', { name: 'Projects', level: 1 })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Account of Fay First' })).toBeVisible()

  await page.goto(empty.setUpLink ?? '')
  await fill(page)
  await expect(page.getByRole('heading', { name: 'Bulkhead is already set up' })).toBeVisible()
})

test('rejects a link that the server did not print', { tag: '@nightly' }, async ({ empty, page }) => {
  await page.goto(`${empty.url}/setup?token=made-up`)
  await fill(page)
  await expect(page.getByRole('heading', { name: 'This setup link is incorrect' })).toBeVisible()
  await expectNoViolations(page)
})
