import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import type { Database } from '#db/client'
import { paths } from '#contract/paths'
import { signIn } from './api.ts'
import { expect, expectNoViolations, expectToast, test } from './fixtures.ts'
import { organization, password, type Person } from './people.ts'

const byProvider = (page: Page) => page.getByRole('link', { name: 'Continue with Acme login' })

/** Fills in the provider's own login page. */
async function answer(page: Page, account: string) {
  await expect(page.getByRole('heading', { name: 'Acme login', level: 1 })).toBeVisible()
  await page.getByLabel('Account').fill(account)
  await page.getByRole('button', { name: 'Continue' }).click()
}

const withoutPassword = (database: Database, { id }: Person) =>
  database.updateTable('users').set({ password_hash: null }).where('id', '=', id).execute()

const staleSessions = (database: Database, { id }: Person) => {
  const stale = new Date(Date.now() - 11 * 60_000).toISOString()
  return database.updateTable('sessions').set({ authenticated_at: stale }).where('user_id', '=', id).execute()
}

test('signs a person with an account in through the provider and opens the page they asked for', async ({ page, newcomer }) => {
  const { email, name } = await newcomer()
  const destination = paths.organization(organization.slug).people
  await page.goto(destination)
  await expect(page).toHaveURL(/\/login\?next=/)
  await expectNoViolations(page)
  await byProvider(page).click()
  await answer(page, email)
  await expect(page).toHaveURL(destination)
  await expect(page.getByRole('button', { name: `Account of ${name}` })).toBeVisible()
})

test('creates an account for a new person and says that they belong to no organization yet', async ({ page }) => {
  const who = `newcomer-${randomBytes(4).toString('hex')}`
  await page.goto('/login')
  await byProvider(page).click()
  await answer(page, `${who}@elsewhere.test`)
  await expect(page).toHaveURL(/\/console/)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.goto(paths.login())
  const me = await page.request.get('/me')
  expect(await me.json()).toMatchObject({ email: `${who}@elsewhere.test`, name: who })
})

test('shows provider failures on the sign-in page, where the person can try again', async ({ page, newcomer }) => {
  const { email } = await newcomer()
  await page.goto('/login?next=%2Fconsole%2Facme%2Fsettings%2Fpeople')
  await byProvider(page).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'canceled' })).toHaveText(
    'The sign-in was canceled or refused at the provider. Start again.',
  )
  await expectNoViolations(page)
  await byProvider(page).click()
  await answer(page, `unverified-${email}`)
  await expect(page.getByText('The provider has not verified your email address')).toBeVisible()
  await page.goto('/session/oidc/callback?code=x&state=y')
  await expect(page.getByText('This browser did not start this sign-in')).toBeVisible()
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(`/console/${organization.slug}`)
})

test(
  'lets a person without a password confirm through the provider before a nuke, and loses nothing they typed',
  { tag: '@nightly' },
  async ({ page, api, project, newcomer, database }) => {
    const person = await newcomer()
    await withoutPassword(database, person)
    await api.post(`${project.url}/members`, { userId: person.id, role: 'admin' })
    await page.goto(paths.login(project.paths.settings))
    await byProvider(page).click()
    await answer(page, person.email)
    await expect(page).toHaveURL(project.paths.settings)
    await staleSessions(database, person)

    await page.getByRole('button', { name: 'Nuke project…' }).click()
    const dialog = page.getByRole('alertdialog')
    const slug = dialog.getByLabel(`Type ${project.slug} to confirm`)
    const nuke = dialog.getByRole('button', { name: 'Nuke project' })
    await slug.fill(project.slug)
    await nuke.click()
    const ask = page.getByRole('dialog', { name: 'Confirm it’s you' })
    const prove = ask.getByRole('button', { name: 'Confirm with Acme login' })
    await expect(prove).toBeFocused()
    await expect(ask.getByLabel('Your password')).toBeHidden()
    await expectNoViolations(page)

    const wrong = await popupOf(page, () => prove.click())
    await answer(wrong, `somebody-${person.email}`)
    await expect(wrong.getByText(/is not linked to this account|to another account/)).toBeVisible()
    await expectNoViolations(wrong)
    await wrong.close()
    await ask.getByRole('button', { name: 'Cancel' }).click()
    await expect(slug).toHaveValue(project.slug)
    await nuke.click()

    const right = await popupOf(page, () => prove.click())
    const closed = right.waitForEvent('close')
    await answer(right, person.email)
    await closed
    await expect(dialog).toHaveAccessibleName(`${project.slug} was nuked`)
  },
)

/** The window that opens. It is no child of this page, so it is found through the context. */
async function popupOf(page: Page, open: () => Promise<void>): Promise<Page> {
  const opened = page.context().waitForEvent('page')
  await open()
  return opened
}

test('links a person with a password at the provider, signs in with it, and unlinks it again', async ({
  page,
  newcomer,
  database,
}) => {
  const person = await newcomer()
  const account = `private-${person.email}`
  await signIn(page.request, person.email)
  await page.goto(paths.organization(organization.slug).signIn)
  const section = page.getByRole('region', { name: 'Acme login' })
  await section.getByRole('button', { name: 'Link…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Continue to Acme login' }).click()
  await answer(page, account)
  await expect(section.getByText(account)).toBeVisible()
  await expectNoViolations(page)

  await staleSessions(database, person)
  await section.getByRole('button', { name: 'Unlink…' }).click()
  const dialog = page.getByRole('alertdialog', { name: `Unlink ${account}?` })
  await dialog.getByRole('button', { name: 'Unlink' }).click()
  const ask = page.getByRole('dialog', { name: 'Confirm it’s you' })
  await expectNoViolations(page)
  await ask.getByLabel('Your password').fill(password)
  await ask.getByRole('button', { name: 'Confirm', exact: true }).click()
  await expectToast(page, `${account} was unlinked`)
  await expect(section.getByText('No linked accounts yet')).toBeVisible()
})

test('does not unlink a person’s only way to sign in', async ({ page, newcomer, database }) => {
  const person = await newcomer()
  await withoutPassword(database, person)
  await page.goto(paths.login(paths.organization(organization.slug).signIn))
  await byProvider(page).click()
  await answer(page, person.email)
  await expect(page.getByRole('button', { name: 'Email me a link' })).toBeVisible()
  await expect(page.getByLabel('Current password')).toBeHidden()
  await expectNoViolations(page)
  const unlink = page.getByRole('button', { name: 'Unlink…' })
  await expect(unlink).toBeDisabled()
  await expect(unlink).toHaveAccessibleDescription('This is your only way to sign in. Set a password first.')
})
