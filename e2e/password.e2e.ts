import { paths } from '#contract/paths'
import { signIn } from './api.ts'
import { expect, expectNoViolations, expectToast, test } from './fixtures.ts'
import { organization, password } from './people.ts'

const better = 'tuesday apricot lantern'

test('changes the password, refuses an easily guessed one on its field, and ends other sessions', async ({
  page,
  newcomer,
  browser,
  baseURL,
}) => {
  const person = await newcomer()
  const other = await browser.newContext({ baseURL })
  await signIn(other.request, person.email)
  await signIn(page.request, person.email)
  await page.goto(paths.organization(organization.slug).signIn)
  await expect(page.getByRole('button', { name: 'Change password' })).toHaveAttribute('aria-disabled', 'true')

  const type = async (current: string, next: string, again = next) => {
    await page.getByLabel('Current password').fill(current)
    await page.getByLabel('New password', { exact: true }).fill(next)
    await page.getByLabel('New password again').fill(again)
    await page.getByRole('button', { name: 'Change password' }).click()
  }
  await type(password, better, 'something else')
  await expect(page.getByText('The two passwords are different.')).toBeVisible()
  await type(password, 'Bulkhead 2026')
  await expect(page.getByText(/consists of your name, your email or the product’s name/)).toBeVisible()
  await expect(page.getByLabel('New password', { exact: true })).toBeFocused()
  await expectNoViolations(page)
  await type('not my password', better)
  await expect(page.getByText('Incorrect password')).toBeVisible()

  await type(password, better)
  await expectToast(page, 'Password changed; signed out 1 other session')
  await expect(page.getByLabel('Current password')).toHaveValue('')
  expect((await other.request.get('/me')).status()).toBe(401)

  await page.context().clearCookies()
  await page.goto('/login')
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password').fill(better)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(paths.projects(organization.slug))
  await other.close()
})
