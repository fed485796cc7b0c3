import type { Page } from '@playwright/test'
import { signIn } from './api.ts'
import { expect, expectNoViolations, test } from './fixtures.ts'
import { emailOf, organization, password } from './people.ts'

async function fill(page: Page, email: string, secret: string) {
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(secret)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

test('signs a person in with the keyboard and opens the organization', async ({ page, newcomer }) => {
  const { email, name } = await newcomer()
  await page.goto('/login')
  await expect(page).toHaveTitle(/Sign in/)
  await expectNoViolations(page)
  await page.getByLabel('Email').focus()
  await page.keyboard.type(email)
  await page.keyboard.press('Tab')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`/console/${organization.slug}`)
  await expect(page.getByRole('button', { name: `Account of ${name}` })).toBeVisible()
})

test('answers a wrong password and an unknown person alike, and keeps what was typed', async ({ page }) => {
  await page.goto('/login')
  const sentence = page.getByText('Incorrect email or password')
  await fill(page, emailOf('viewer'), 'not the password')
  await expect(sentence).toBeVisible()
  await expect(page.getByLabel('Email')).toHaveValue(emailOf('viewer'))
  await page.reload()
  await fill(page, 'nobody@acme.test', 'not the password')
  await expect(sentence).toBeVisible()
  await expectNoViolations(page)
})

test(
  'says how long to wait after many wrong passwords, but not in a browser that was signed in before',
  { tag: '@nightly' },
  async ({ page, newcomer, browser, baseURL }) => {
    const { email } = await newcomer()
    const known = await browser.newContext({ baseURL })
    await signIn(known.request, email)
    await known.clearCookies({ name: /session-token/ })

    await page.goto('/login')
    for (let i = 0; i < 5; i++) {
      await fill(page, email, `wrong ${i}`)
      await expect(page.getByText('Incorrect email or password')).toBeVisible()
    }
    await fill(page, email, password)
    await expect(page.getByText(/^Too many failed tries\. Try again in \d+ seconds$/)).toBeVisible()
    await expect(page).toHaveURL(/\/login/)
    await expectNoViolations(page)

    const home = await known.newPage()
    await home.goto('/login')
    await fill(home, email, password)
    await expect(home).toHaveURL(`/console/${organization.slug}`)
    await known.close()
  },
)

test('asks for a sign-in before it opens a page of the console', async ({ page, project, newcomer, api }) => {
  const person = await newcomer()
  await api.post(`${project.url}/members`, { userId: person.id })
  await page.goto(`${project.paths.members}?role=viewer`)
  await expect(page).toHaveURL(/\/login\?next=/)
  await fill(page, person.email, password)
  await expect(page).toHaveURL(`${project.paths.members}?role=viewer`)
  await expect(page.getByRole('heading', { name: 'Members', level: 1 })).toBeVisible()
})

test('follows next= only to pages of the console', async ({ page, newcomer }) => {
  const { email } = await newcomer()
  await page.goto('/login?next=https%3A%2F%2Fexample.com%2F')
  await fill(page, email, password)
  await expect(page).toHaveURL(`/console/${organization.slug}`)
})

test('ends the session on sign-out, so its cookie opens nothing', async ({ page, newcomer, browser }) => {
  const { email, name } = await newcomer()
  await page.goto('/login')
  await fill(page, email, password)
  await page.getByRole('button', { name: `Account of ${name}` }).click()
  const copied = await page.context().storageState()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/login/)

  const thief = await browser.newContext({ storageState: copied })
  const answer = await thief.request.get(new URL('/me', page.url()).href)
  expect(answer.status()).toBe(401)
  await thief.close()
})

test('sends nothing before the page is interactive, least of all a password in the URL', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  const sent: string[] = []
  await page.goto('/login')
  page.on('request', (request) => {
    if (request.isNavigationRequest() || request.method() !== 'GET') sent.push(request.url())
  })
  await page.getByLabel('Email').fill(emailOf('viewer'))
  await page.getByLabel('Password').fill(password)
  await page.getByLabel('Password').press('Enter')
  await page.getByRole('button', { name: 'Sign in', exact: true }).dispatchEvent('click')
  await expect(page).toHaveURL('/login')
  expect(sent).toEqual([])
  await context.close()
})

test('keeps what was typed before the scripts of the page were there', async ({ page, newcomer }) => {
  const { email } = await newcomer()
  const held = Promise.withResolvers<void>()
  await page.route('**/_next/static/chunks/*.js', async (route) => {
    await held.promise
    await route.continue()
  })
  await page.goto('/login', { waitUntil: 'commit' })
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  held.resolve()
  await page.waitForLoadState('networkidle')
  await expect(page.getByLabel('Email')).toHaveValue(email)
  await expect(page.getByLabel('Password')).toHaveValue(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(`/console/${organization.slug}`)
})
