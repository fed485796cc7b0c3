import type { Page } from '@playwright/test'
import { paths } from '#contract/paths'
import { codeOf, wrongCode } from '#test/support/http/factors'
import { signIn } from './api.ts'
import { expect, expectNoViolations, expectToast, test } from './fixtures.ts'
import { organization, password } from './people.ts'

const { signIn: settings, personalTokens, people } = paths.organization(organization.slug)

async function giveMailAndPassword(page: Page, email: string) {
  await page.goto('/login')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Turns the authenticator app on in the settings. Answers its key and the recovery codes. */
async function setUpApp(page: Page) {
  await page.goto(settings)
  await page.getByRole('button', { name: 'Set up…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Set up an authenticator app' })
  await expect(dialog.getByRole('img', { name: 'QR code for the authenticator app' })).toBeVisible()
  const key = (await dialog.getByLabel('Key', { exact: true }).innerText()).replaceAll(/\s/g, '')
  await expectNoViolations(page)
  await dialog.getByRole('textbox', { name: 'Code' }).fill(wrongCode(key))
  await dialog.getByRole('button', { name: 'Turn on app' }).click()
  await expect(dialog.getByText('Incorrect code. Enter the current code from your authenticator app')).toBeVisible()
  const shown = page.getByRole('dialog', { name: 'Your recovery codes' })
  // The previous code, so that the current one stays unused. It is too old when thirty seconds end before it arrives.
  await expect(async () => {
    await dialog.getByRole('textbox', { name: 'Code' }).fill(codeOf(key, -1))
    await dialog.getByRole('button', { name: 'Turn on app' }).click()
    await expect(shown.getByRole('listitem')).not.toHaveCount(0, { timeout: 5000 })
  }).toPass()
  await expectNoViolations(page)
  const codes = await shown.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allInnerTexts()
  await shown.getByRole('button', { name: 'Done' }).click()
  return { key, codes }
}

test('sets up an authenticator app, signs in with its code or a recovery code, and turns it off', async ({ page, newcomer }) => {
  test.slow()
  const { email } = await newcomer()
  await signIn(page.request, email)
  const { key, codes } = await setUpApp(page)
  expect(codes).toHaveLength(10)
  await expect(page.getByText('10 of 10 left')).toBeVisible()
  await expectNoViolations(page)

  await page.context().clearCookies()
  await giveMailAndPassword(page, email)
  await expect(page.getByRole('heading', { name: 'One more step' })).toBeVisible()
  const code = page.getByLabel('Code')
  await expect(code).toBeFocused()
  await expect(code).toHaveAttribute('autocomplete', 'one-time-code')
  await expectNoViolations(page)
  expect((await page.request.get('/me')).status()).toBe(401)
  await code.fill(wrongCode(key))
  await page.keyboard.press('Enter')
  await expect(page.getByText('Incorrect code. Enter the current code from your authenticator app')).toBeVisible()
  await expect(code).toBeFocused()
  await code.fill(codeOf(key))
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(paths.projects(organization.slug))

  // Without its cookie, an open console would go to the sign-in page by itself.
  await page.goto('about:blank')
  await page.context().clearCookies()
  await giveMailAndPassword(page, email)
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await expect(page.getByLabel('Recovery code')).toBeFocused()
  await expectNoViolations(page)
  await page.getByLabel('Recovery code').fill(codes[0] ?? '')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(paths.projects(organization.slug))

  await page.goto(settings)
  await expect(page.getByText('9 of 10 left')).toBeVisible()
  await page.getByRole('button', { name: 'Create new codes…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Create new codes' }).click()
  const shown = page.getByRole('dialog', { name: 'Your recovery codes' })
  await expect(shown.getByText(codes[1] ?? '')).toBeHidden()
  await shown.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Turn off…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Turn off' }).click()
  await expectToast(page, 'The authenticator app is off')
  await expect(page.getByText('None yet')).toBeVisible()
  await page.context().clearCookies()
  await giveMailAndPassword(page, email)
  await expect(page).toHaveURL(paths.projects(organization.slug))
})

test('returns from the second step to the first, with what was typed', { tag: '@nightly' }, async ({ page, newcomer }) => {
  const { email } = await newcomer()
  await signIn(page.request, email)
  await setUpApp(page)
  await page.context().clearCookies()
  await giveMailAndPassword(page, email)
  await page.getByRole('button', { name: 'Back' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByLabel('Email')).toHaveValue(email)
})

test('asks a stale sign-in for the password above a form that grants access, and keeps what was typed', async ({
  as,
  newcomer,
  database,
}) => {
  const person = await newcomer()
  const page = await as(person)
  const stale = new Date(Date.now() - 11 * 60_000).toISOString()
  await database.updateTable('sessions').set({ authenticated_at: stale }).where('user_id', '=', person.id).execute()
  await page.goto(`${personalTokens}?create=true`)
  const form = page.getByRole('dialog', { name: 'Create personal token' })
  await form.getByLabel('Name').fill('laptop')
  await form.getByRole('button', { name: 'Create personal token' }).click()

  const ask = page.getByRole('dialog', { name: 'Confirm it’s you' })
  await expect(ask.getByLabel('Your password')).toBeFocused()
  await expectNoViolations(page)
  await ask.getByLabel('Your password').fill('not my password')
  await ask.getByRole('button', { name: 'Confirm', exact: true }).click()
  await expect(ask.getByText('Incorrect password')).toBeVisible()
  await ask.getByRole('button', { name: 'Cancel' }).click()
  await expect(ask).toBeHidden()
  await expect(form.getByLabel('Name')).toHaveValue('laptop')
  await expect(form.getByText(/Confirm it’s you: you last signed in/)).toBeVisible()

  await form.getByRole('button', { name: 'Create personal token' }).click()
  await ask.getByLabel('Your password').fill(password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Token laptop' })).toBeVisible()
})

test('asks for a code with the password while the app is on', async ({ as, newcomer, database }) => {
  const person = await newcomer()
  const page = await as(person)
  const { key } = await setUpApp(page)
  const stale = new Date(Date.now() - 11 * 60_000).toISOString()
  await database.updateTable('sessions').set({ authenticated_at: stale }).where('user_id', '=', person.id).execute()
  await page.getByRole('button', { name: 'Turn off…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Turn off' }).click()
  const ask = page.getByRole('dialog', { name: 'Confirm it’s you' })
  await ask.getByLabel('Your password').fill(password)
  await ask.getByRole('textbox', { name: 'Code' }).fill(codeOf(key))
  await expectNoViolations(page)
  await ask.getByRole('button', { name: 'Confirm', exact: true }).click()
  await expectToast(page, 'The authenticator app is off')
})

test(
  'shows an owner who has a second factor, with a filter for those without; a member sees neither',
  { tag: '@nightly' },
  async ({ as, newcomer }) => {
    const person = await newcomer()
    await setUpApp(await as(person))
    const page = await as('organization owner')
    await page.goto(`${people}?q=${encodeURIComponent(person.email)}`)
    await expect(page.getByRole('columnheader', { name: 'Second factor' })).toBeVisible()
    await expect(page.getByRole('row').filter({ hasText: person.email }).getByText('Yes')).toBeVisible()
    await expectNoViolations(page)
    await page.getByRole('combobox', { name: 'Second factor' }).click()
    await page.getByRole('option', { name: 'No' }).click()
    await expect(page.getByText(`Nobody matches “${person.email}”`)).toBeVisible()
    const theirs = await as('member')
    await theirs.goto(people)
    await expect(theirs.getByRole('columnheader', { name: 'Role' })).toBeVisible()
    await expect(theirs.getByRole('columnheader', { name: 'Second factor' })).toBeHidden()
  },
)
