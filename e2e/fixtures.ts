import { type APIRequestContext, expect, type Locator, type Page, request, test as base } from '@playwright/test'
import { randomBytes } from 'node:crypto'
import { createDatabase, type Database } from '#db/client'
import { findOrganization } from '#db/queries/organizations/organizations'
import type { Role } from '#contract/common'
import { violationsOn } from './axe.ts'
import { type Api, apiWith, createPersonalToken, signIn } from './api.ts'
import { createPerson, emailOf, organization, type Person, type Who } from './people.ts'
import { createSampleProject, type SampleProject } from './sample-project.ts'
import { createWindows, type Window, type Windows } from './windows.ts'

export { expect }
export const url = process.env['E2E_URL'] ?? ''

interface Fixtures {
  /** A page on which this person is signed in. `isNew`: for a test that changes its window in a way that can't be undone. */
  as: (who: Who | Person, how?: { isNew?: boolean }) => Promise<Page>
  /** A project of this test alone, with one member in each role. */
  project: SampleProject
  /** A new person in the organization. Their data and sessions belong to this test alone. */
  newcomer: (role?: Role) => Promise<Person>
}

interface WorkerFixtures {
  database: Database
  /** The API with a token of the organization's owner. */
  api: Api
  sessionOf: (email: string) => Promise<State>
  windows: Windows
}

type State = Awaited<ReturnType<APIRequestContext['storageState']>>

export const test = base.extend<Fixtures, WorkerFixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of what a fixture needs
  baseURL: ({}, use) => use(url),

  database: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const db = createDatabase(process.env['E2E_DATABASE_URL'] ?? '', { max: 2 })
      await use(db)
      await db.destroy()
    },
    { scope: 'worker' },
  ],

  api: [
    async ({ sessionOf }, use) => {
      const session = await request.newContext({ storageState: await sessionOf(emailOf('organization owner')) })
      const token = await createPersonalToken(session, organization.slug)
      const plain = await request.newContext()
      await use(apiWith(plain, token))
      await Promise.all([session.dispose(), plain.dispose()])
    },
    { scope: 'worker' },
  ],

  /** Each worker signs in a person once per five minutes, because password hashing is slow. */
  sessionOf: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const sessions = new Map<string, { state: State; since: number }>()
      await use(async (email) => {
        const known = sessions.get(email)
        // Many actions need a sign-in of the last ten minutes.
        if (known && Date.now() - known.since < 5 * 60_000) return known.state
        const fresh = { state: await signedIn(email), since: Date.now() }
        sessions.set(email, fresh)
        return fresh.state
      })
    },
    { scope: 'worker' },
  ],

  windows: [
    async ({ browser }, use) => {
      const windows = createWindows(browser)
      await use(windows)
      await windows.close()
    },
    { scope: 'worker' },
  ],

  as: async ({ windows, baseURL, contextOptions, sessionOf }, use, testInfo) => {
    const opened: Window[] = []
    const violations: string[] = []
    await use(async (who, { isNew = false } = {}) => {
      const email = typeof who === 'string' ? emailOf(who) : who.email
      const window = await windows.open({ ...contextOptions, baseURL }, isNew)
      opened.push(window)
      const { page, context } = window
      await context.addCookies((await sessionOf(email)).cookies)
      context.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) violations.push(message.text())
      })
      return page
    })
    for (const window of opened) await windows.leave(window, testInfo.status === testInfo.expectedStatus)
    expect(violations, 'what a page tried against its own policy').toEqual([])
  },

  project: async ({ api }, use) => use(await createSampleProject(api)),

  newcomer: async ({ database }, use) => {
    await use(async (role = 'member') => {
      const org = await findOrganization(database, { slug: organization.slug }, null)
      const id = randomBytes(4).toString('hex')
      return createPerson(database, org!, { name: `Nina ${id}`, email: `nina.${id}@acme.test` }, role)
    })
  },
})

async function signedIn(email: string): Promise<State> {
  const context = await request.newContext()
  await signIn(context, email)
  const state = await context.storageState()
  await context.dispose()
  return state
}

/** Finds the table row with this name. */
export const row = (page: Page | Locator, name: string | RegExp) =>
  page.getByRole('row').filter({ has: rootOf(page).getByRole('rowheader', { name }) })

const rootOf = (page: Page | Locator) => ('page' in page ? page.page() : page)

export async function rowAction(page: Page, name: string | RegExp, action: string | RegExp) {
  await row(page, name)
    .getByRole('button', { name: /^Actions for/ })
    .click()
  await page.getByRole('menuitem', { name: action }).click()
  // Its code may have to be loaded first.
  if (String(action).includes('…')) await expect(page.locator('[role="dialog"], [role="alertdialog"]').last()).toBeVisible()
}

/** Expects the row to exist and to hold these texts in these columns. */
export async function expectRow(page: Page, name: string | RegExp, columns: Record<string, string | RegExp> = {}) {
  const found = row(page, name)
  await expect(found).toBeVisible()
  const table = page.getByRole('table').filter({ has: page.getByRole('rowheader', { name }) })
  const titles = (await table.getByRole('columnheader').allInnerTexts()).map((title) => title.trim())
  for (const [title, text] of Object.entries(columns)) {
    expect(titles).toContain(title)
    await expect(found.getByRole('cell').or(found.getByRole('rowheader')).nth(titles.indexOf(title)), title).toContainText(text)
  }
}

/** Picks an option from a list that opens from a button. */
export async function select(page: Page, label: string, option: string | RegExp) {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
}

export const expectToast = (page: Page, text: string | RegExp) =>
  expect(page.getByRole('region', { name: 'Notifications' }).getByText(text).first()).toBeVisible()

/** Expects no axe violations in light or dark mode. The modes differ only in colors. */
export async function expectNoViolations(page: Page, parts: readonly string[] = []) {
  // Rows are dimmed until those of the new filter arrive, and then fade in.
  await expect(page.locator('table[aria-busy=true]')).toHaveCount(0)
  await page.evaluate(() => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
    return Promise.allSettled(ending.map(({ finished }) => finished))
  })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect(await violationsOn(page, colorScheme === 'dark' ? 'colors' : 'everything', parts), colorScheme).toEqual([])
  }
}
