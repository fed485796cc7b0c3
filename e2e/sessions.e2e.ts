import { expect, expectNoViolations, expectRow, expectToast, row, rowAction, test } from './fixtures.ts'
import { signIn } from './api.ts'
import { organization } from './people.ts'
import { paths } from '#contract/paths'

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1'
const { people, sessions } = paths.organization(organization.slug)

test('lists a person’s sessions and signs out the others, whose open pages say so on the next click', async ({
  as,
  newcomer,
  browser,
  baseURL,
}) => {
  const person = await newcomer()
  const elsewhere = async (userAgent: string) => {
    const context = await browser.newContext({ baseURL, userAgent })
    await signIn(context.request, person.email)
    return context
  }
  const laptop = await elsewhere(firefox)
  const phone = await elsewhere(safari)
  const there = await laptop.newPage()
  await there.goto(paths.projects(organization.slug))
  await expect(there.getByRole('heading', { name: 'Projects', level: 1 })).toBeVisible()

  const page = await as(person)
  await page.goto(people)
  await page.getByRole('navigation').getByRole('link', { name: 'Sessions' }).click()
  await expect(page.getByRole('row').filter({ hasText: 'This session' })).toHaveCount(1)
  await expectRow(page, /Firefox on Linux/, { 'IP address': '127.0.0.1', 'Last seen': /just now|second|minute/ })
  await expectNoViolations(page)

  await rowAction(page, /Firefox on Linux/, 'Sign out…')
  const one = page.getByRole('alertdialog', { name: 'Sign out Firefox on Linux?' })
  await expectNoViolations(page)
  await one.getByRole('button', { name: 'Sign out' }).click()
  await expectToast(page, 'Signed out Firefox on Linux')
  await expect(row(page, /Firefox on Linux/)).toBeHidden()
  await there.getByRole('link', { name: 'People' }).click()
  await expect(there).toHaveURL(/\/login\?next=/)
  await expect(there.getByText('Your session has ended')).toBeVisible()

  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out everywhere else' }).click()
  await expectToast(page, 'Signed out 1 other session')
  expect((await phone.request.get('/me')).status()).toBe(401)
  await expect(page.getByRole('button', { name: 'Sign out everywhere else' })).toHaveAttribute('aria-disabled', 'true')
  await page.reload()
  await expect(page.getByRole('row').filter({ hasText: 'This session' })).toBeVisible()
  await laptop.close()
  await phone.close()
})

test('opens the sessions from the palette', async ({ as }) => {
  const page = await as('viewer')
  await page.goto(people)
  await page.getByRole('heading', { name: 'People', level: 1 }).waitFor()
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('dialog', { name: 'Jump to' }).getByRole('combobox').fill('devices')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(sessions)
})
