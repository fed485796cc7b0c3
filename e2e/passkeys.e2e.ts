import type { Page } from '@playwright/test'
import { paths } from '#contract/paths'
import { expect, expectNoViolations, expectToast, test, url } from './fixtures.ts'
import { organization, password } from './people.ts'
import { addVirtualAuthenticator } from './virtual-authenticator.ts'

// Passkeys need a host name, not an IP address.
test.use({ baseURL: url.replace('127.0.0.1', 'localhost') })

const { signIn: settings } = paths.organization(organization.slug)
const home = paths.projects(organization.slug)

async function giveMailAndPassword(page: Page, email: string) {
  await page.goto('/login')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Adds a passkey on the settings page. */
async function addPasskey(page: Page, name: string) {
  await page.goto(settings)
  await page.getByRole('button', { name: 'Add passkey…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a passkey' })
  await dialog.getByLabel('Name').fill(name)
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Add passkey' }).click()
  await expectToast(page, `Added ${name}`)
}

const closeCodes = (page: Page) =>
  page.getByRole('dialog', { name: 'Your recovery codes' }).getByRole('button', { name: 'Done' }).click()

test('adds a passkey, signs in with it alone and after the password, renames it and removes it', async ({ page, newcomer }) => {
  test.slow()
  const { email, name } = await newcomer()
  const device = await addVirtualAuthenticator(page)
  await giveMailAndPassword(page, email)
  await expect(page).toHaveURL(home)
  await page.goto(settings)
  await expect(page.getByText('No passkeys yet')).toBeVisible()
  await expectNoViolations(page)
  await addPasskey(page, 'Work laptop')
  await closeCodes(page)
  await expect(page.getByText(/never used/)).toBeVisible()
  expect(await device.credentials()).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }])
  await page.getByRole('button', { name: 'Add passkey…' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Again')
  await page.getByRole('dialog').getByRole('button', { name: 'Add passkey' }).click()
  await expect(page.getByText('This device already has a passkey for your account')).toBeVisible()

  await page.context().clearCookies()
  await page.goto('/login')
  await device.verify(false)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  // The browser takes a while to give up.
  await expect(page.getByText('No passkey was used. Try again, or sign in another way')).toBeVisible({ timeout: 30_000 })
  await expectNoViolations(page)
  await device.verify(true)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(page).toHaveURL(home)
  await expect(page.getByRole('button', { name: `Account of ${name}` })).toBeVisible()

  await page.context().clearCookies()
  await giveMailAndPassword(page, email)
  await expect(page.getByRole('heading', { name: 'One more step' })).toBeVisible()
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Use your passkey' }).click()
  await expect(page).toHaveURL(home)

  await page.goto(settings)
  await page.getByRole('button', { name: 'Rename Work laptop' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Key ring')
  await page.getByRole('dialog').getByRole('button', { name: 'Rename passkey' }).click()
  await expectToast(page, 'Renamed to Key ring')
  await expect(page.getByText(/last used/)).toBeVisible()
  await page.getByRole('button', { name: 'Remove Key ring' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove passkey' }).click()
  await expectToast(page, 'Removed Key ring')
  await expect(page.getByText('No passkeys yet')).toBeVisible()
})

test(
  'confirms a stale sign-in with a passkey before a nuke',
  { tag: '@nightly' },
  async ({ page, project, newcomer, api, database }) => {
    const person = await newcomer()
    await api.post(`${project.url}/members`, { userId: person.id, role: 'admin' })
    await addVirtualAuthenticator(page)
    await giveMailAndPassword(page, person.email)
    await expect(page).toHaveURL(home)
    await addPasskey(page, 'Phone')
    await closeCodes(page)
    const stale = new Date(Date.now() - 11 * 60_000).toISOString()
    await database.updateTable('sessions').set({ authenticated_at: stale }).where('user_id', '=', person.id).execute()

    await page.goto(project.paths.settings)
    await page.getByRole('button', { name: 'Nuke project…' }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByLabel(`Type ${project.slug} to confirm`).fill(project.slug)
    await dialog.getByRole('button', { name: 'Nuke project' }).click()
    const ask = page.getByRole('dialog', { name: 'Confirm it’s you' })
    await expectNoViolations(page)
    await ask.getByRole('button', { name: 'Use your passkey' }).click()
    await expect(page.getByRole('alertdialog', { name: `${project.slug} was nuked` })).toBeVisible()
  },
)

test('says that passkeys need a host name when the console is opened at an IP address', async ({ browser }) => {
  const context = await browser.newContext({ baseURL: url })
  const page = await context.newPage()
  await page.goto('/login')
  const button = page.getByRole('button', { name: 'Sign in with a passkey' })
  await expect(button).toHaveAccessibleDescription(
    /^Passkeys need a host name in the address\. Open http:\/\/localhost:\d+ instead$/,
  )
  await expectNoViolations(page)
  await context.close()
})
