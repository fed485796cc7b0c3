import type { Page } from '@playwright/test'
import { expect, expectNoViolations, expectToast, rowAction, test } from './fixtures.ts'
import { names } from './people.ts'

const scripts = '**/_next/static/chunks/*.js'

/** From now on no script reaches the page, until the returned function is called. */
async function withoutScripts(page: Page) {
  await page.route(scripts, (route) => route.abort())
  return () => page.unroute(scripts)
}

test('says that a dialog could not be loaded, and loads it on another try', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  const open = page.getByRole('button', { name: 'Add member' })
  await expect(open).toBeEnabled()
  const reachable = await withoutScripts(page)
  await open.click()
  const failed = page.getByRole('dialog', { name: 'This dialog couldn’t be loaded' })
  await expect(failed).toContainText('Check your connection, then try again.')
  await expectNoViolations(page)
  await failed.getByRole('button', { name: 'Try again' }).click()
  await expect(failed).toBeVisible()
  await reachable()
  await failed.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('dialog', { name: 'Add member' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect(open).toBeFocused()
})

test('opens a dialog that failed to load when its button is pressed again', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  const open = page.getByRole('button', { name: 'Add member' })
  await expect(open).toBeEnabled()
  const reachable = await withoutScripts(page)
  await open.click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(open).toBeFocused()
  await reachable()
  await open.click()
  await expect(page.getByRole('dialog', { name: 'Add member' })).toBeVisible()
})

test('opens one dialog when a button is pressed twice while it loads, and returns the focus', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  const open = page.getByRole('button', { name: 'Add member' })
  await expect(open).toBeEnabled()
  const held = Promise.withResolvers<void>()
  await page.route(scripts, async (route) => {
    await held.promise
    await route.continue()
  })
  await open.dblclick()
  await expect(page.getByRole('status').filter({ hasText: 'Loading…' })).toBeAttached()
  held.resolve()
  await expect(page.getByRole('dialog')).toHaveCount(1)
  await expect(page.getByRole('combobox', { name: 'Person' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(open).toBeFocused()
})

test('returns the focus to the row’s menu after a dialog that had to be loaded', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  await rowAction(page, names.member, 'Change access…')
  const dialog = page.getByRole('dialog', { name: `Access of ${names.member}` })
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name: `Actions for ${names.member}` })).toBeFocused()
})

test('says that a form could not be checked, and saves it once the connection is back', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.settings)
  await page.getByLabel('Name', { exact: true }).fill('Renamed while offline')
  const reachable = await withoutScripts(page)
  const save = page.getByRole('button', { name: 'Save changes' })
  await save.click()
  await expect(page.getByText('What you entered couldn’t be checked. Check your connection, then try again.')).toBeVisible()
  await reachable()
  await save.click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await expect(page.getByText('What you entered couldn’t be checked.')).toBeHidden()
})

test('opens the palette from the keyboard, ready to be typed into', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  await expect(page.getByRole('button', { name: 'Add member' })).toBeEnabled()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Jump to' })).toBeFocused()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: 'Jump to' })).toBeHidden()
})

test('says that a menu could not be opened, and opens it on another press', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  const theme = page.getByRole('button', { name: 'Theme' })
  await expect(page.getByRole('button', { name: 'Add member' })).toBeEnabled()
  const reachable = await withoutScripts(page)
  await theme.click()
  await expectToast(page, 'This couldn’t be opened')
  await reachable()
  await theme.click()
  await expect(page.getByRole('menuitem', { name: 'Dark' })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menuitem')).toHaveCount(0)
  await expect(theme).toBeFocused()
})

test('opens a menu once when its button is pressed twice while it loads', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  await expect(page.getByRole('button', { name: 'Add member' })).toBeEnabled()
  const held = Promise.withResolvers<void>()
  await page.route(scripts, async (route) => {
    await held.promise
    await route.continue()
  })
  await page.getByRole('button', { name: 'Theme' }).dblclick()
  held.resolve()
  await expect(page.getByRole('menuitem', { name: 'Dark' })).toBeVisible()
})
