import type { Locator, Page } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { paths } from '#contract/paths'
import { scaleOf } from '#test/support/outcome'
import { expect, expectRow, expectToast, row, test } from './fixtures.ts'
import { reportTask, tabTo } from './keys.ts'
import { names, organization, password } from './people.ts'

test.skip(scaleOf('console', 0) === 0, 'for `npm run prove console`')
test.afterEach(reportTask)

/** Moves the focus to the control and presses a key. */
async function use(page: Page, control: Locator, key = 'Enter') {
  await tabTo(page, control)
  await page.keyboard.press(key)
}

/** Picks an option from a list behind a button, by the beginning of its text. */
async function pick(page: Page, control: Locator, option: string) {
  await use(page, control)
  await expect(page.getByRole('option').first()).toBeVisible()
  await page.keyboard.type(option)
  await page.keyboard.press('Enter')
  await expect(control).toContainText(new RegExp(option, 'i'))
}

/** Types into a filtering list and takes the option that is left. */
async function narrow(page: Page, control: Locator, text: string, option: RegExp) {
  await tabTo(page, control)
  await page.keyboard.type(text)
  // Options listed before the answer arrives lose the highlight when they go.
  await expect(page.getByRole('option')).toHaveText([option])
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
}

async function choose(page: Page, name: string | RegExp, action: string) {
  await use(page, row(page, name).getByRole('button', { name: /^Actions for/ }))
  const item = page.getByRole('menuitem', { name: action })
  await expect(item).toBeVisible()
  for (let presses = 0; presses < 20 && !(await item.evaluate((one) => one === document.activeElement)); presses++)
    await page.keyboard.press('ArrowDown')
  await expect(item).toBeFocused()
  await page.keyboard.press('Enter')
}

/** Expects the focus on a visible element from which the user can continue. */
const expectFocusKept = (page: Page) => expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY')

test('signs in and creates a project, an environment, a cell and an entity with the keyboard alone', async ({ page, newcomer }, {
  testId,
}) => {
  test.slow()
  const person = await newcomer('owner')
  await page.goto(paths.login())
  await expect(page.getByLabel('Email')).toBeFocused()
  await page.keyboard.type(person.email)
  await page.keyboard.press('Tab')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Projects', level: 1 })).toBeVisible()

  await use(page, page.getByRole('button', { name: 'Create project' }))
  await expect(page.getByRole('dialog', { name: 'Create project' }).getByLabel('Name')).toBeFocused()
  const slug = `keys-${testId.slice(-8)}`
  await page.keyboard.type(slug)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(paths.project(organization.slug, slug).overview)

  await use(page, page.getByRole('link', { name: 'Environments', exact: true }))
  await use(page, page.getByRole('button', { name: 'Create environment' }))
  await expect(page.getByRole('dialog').getByLabel('Name')).toBeFocused()
  await page.keyboard.type('staging')
  await page.keyboard.press('Enter')
  await expectRow(page, /^staging/)
  await expect(page.getByRole('button', { name: 'Create environment' })).toBeFocused()

  await page.goto(paths.project(organization.slug, slug).apply)
  await tabTo(page, page.getByRole('textbox', { name: 'Document' }))
  await page.keyboard.insertText(`kind: EntityType
name: hall
states: [open]
initialState: open
---
kind: Cell
name: north
entityType: hall
`)
  // In the editor, Tab is not a character: it moves the focus out.
  await use(page, page.getByRole('button', { name: 'Show difference', exact: true }))
  await use(page, page.getByRole('button', { name: 'Apply', exact: true }))
  await expect(page.getByRole('heading', { name: 'Applied' })).toBeVisible()
  await expectFocusKept(page)

  await page.goto(paths.project(organization.slug, slug).data)
  await use(page, page.getByRole('button', { name: 'Create entity' }).first())
  await tabTo(page, page.getByRole('dialog').getByLabel('Name'))
  await page.keyboard.type('great-hall')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'great-hall' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expectRow(page, 'great-hall')
  await expectFocusKept(page)
})

test('changes a role and removes a member with the keyboard alone, and keeps the focus at the table', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  await choose(page, names.member, 'Change access…')
  const dialog = page.getByRole('dialog', { name: `Access of ${names.member}` })
  await pick(page, dialog.getByRole('combobox', { name: 'Role' }), 'Viewer')
  await use(page, dialog.getByRole('button', { name: 'Save access' }))
  await expectRow(page, names.member, { Role: 'Viewer' })
  await expect(row(page, names.member).getByRole('button', { name: /^Actions for/ })).toBeFocused()

  await choose(page, names.member, 'Remove from project…')
  const confirm = page.getByRole('alertdialog', { name: new RegExp(`^Remove ${names.member}`) })
  await expect(confirm.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await use(page, confirm.getByRole('button', { name: 'Remove member' }))
  await expect(row(page, names.member)).toBeHidden()
  // The pressed control is gone, so the table has the focus and the next Tab continues in it.
  await expect(page.getByRole('region', { name: 'Members', exact: true })).toBeFocused()
  await expectToast(page, `${names.member} was removed`)
})

test('invites a person to one cell with the keyboard alone', async ({ as, project }, { testId }) => {
  const page = await as('organization admin')
  await page.goto(paths.organization(organization.slug).people)
  const opener = page.getByRole('button', { name: 'Invite people' })
  await use(page, opener)
  const dialog = page.getByRole('dialog', { name: 'Invite people' })
  await expect(dialog.getByLabel('Email addresses')).toBeFocused()
  await page.keyboard.type(`keys.${testId.slice(-8)}@elsewhere.test`)
  await narrow(page, dialog.getByRole('combobox', { name: 'Projects' }), project.slug, new RegExp(project.name))
  const access = dialog.getByRole('group', { name: `Access to ${project.slug}` })
  await pick(page, access.getByRole('combobox', { name: 'Role' }), 'Viewer')
  await tabTo(page, access.getByRole('radio', { name: 'All cells' }))
  await page.keyboard.press('ArrowDown')
  await expect(access.getByRole('radio', { name: 'Only these' })).toBeChecked()
  await narrow(page, access.getByRole('combobox', { name: 'Cells to include' }), 'germany', /^germany/)
  await expect(access.getByRole('button', { name: 'Remove germany' })).toBeVisible()
  await use(page, dialog.getByRole('button', { name: 'Send invitations' }))
  await expect(page.getByRole('list', { name: 'Links' })).toBeVisible()
  await expectFocusKept(page)
  await use(page, page.getByRole('button', { name: 'Done' }))
  await expect(opener).toBeFocused()
})

test('creates and copies a token with the keyboard alone', async ({ as, project }) => {
  const page = await as('admin')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(project.paths.tokens)
  await use(page, page.getByRole('button', { name: 'Create token' }).first())
  await expect(page.getByRole('dialog', { name: 'Create token' }).getByLabel('Name')).toBeFocused()
  await page.keyboard.type('keys')
  await page.keyboard.press('Enter')
  const created = page.getByRole('dialog', { name: 'Token keys' })
  const token = await created.getByLabel('The token').innerText()
  await expectFocusKept(page)
  await use(page, created.getByRole('button', { name: 'Copy token' }))
  await expect(created.getByRole('status').filter({ hasText: 'Copied' })).toBeAttached()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token)
  await use(page, created.getByRole('button', { name: 'Done' }))
  await expectRow(page, 'keys')
  await expectFocusKept(page)
})

test('reads why a member has access, views as them and stops, with the keyboard alone', async ({ as, project, newcomer }) => {
  const page = await as(await newcomer('admin'))
  await page.goto(project.paths.members)
  await use(page, row(page, names['scoped member']).getByRole('link', { name: names['scoped member'] }))
  await expect(page.getByRole('heading', { name: names['scoped member'], level: 1 })).toBeVisible()
  await tabTo(page, page.getByLabel('Entity', { exact: true }))
  await page.keyboard.type('tokyo')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Outside the cells.')).toBeVisible()

  await page.goto(project.paths.members)
  await choose(page, names['scoped member'], 'View as…')
  const confirm = page.getByRole('alertdialog', { name: `View ${project.slug} as ${names['scoped member']}?` })
  await use(page, confirm.getByRole('button', { name: `View as ${names['scoped member']}` }))
  const banner = page.getByRole('region', { name: 'Viewing as another person' })
  await use(page, banner.getByRole('button', { name: 'Stop viewing' }))
  await expect(banner).toBeHidden()
})

test('filters and exports the audit log with the keyboard alone', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.audit)
  await narrow(page, page.getByRole('combobox', { name: 'Action' }), 'environment.created', /^environment\.created$/)
  await expect(page.getByRole('table', { name: 'Audit events' }).getByRole('row')).toHaveText([/^Time/, /environment\.created/])
  await use(page, page.getByRole('button', { name: 'Export' }))
  await expect(page.getByRole('menuitem', { name: 'CSV', exact: true })).toBeFocused()
  const downloading = page.waitForEvent('download')
  await page.keyboard.press('Enter')
  const text = await readFile(await (await downloading).path(), 'utf8')
  expect(text.trim().split('\n')).toHaveLength(2)
  await expect(page.getByRole('button', { name: 'Export' })).toBeFocused()
})

test('switches the theme with the keyboard alone', async ({ as, project }) => {
  const page = await as('viewer')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(project.paths.overview)
  const theme = page.getByRole('button', { name: 'Theme' })
  await use(page, theme)
  await expect(page.getByRole('menuitem', { name: 'Dark' })).toBeVisible()
  await page.keyboard.type('Dark')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(theme).toBeFocused()
})

test('undoes a nuke with the keyboard alone', async ({ as, api, project }) => {
  await api.delete(`${project.api}/nuke`)
  const page = await as('owner')
  await page.goto(project.paths.settings)
  await use(page, page.getByRole('button', { name: /^Undo/ }).first())
  await use(page, page.getByRole('alertdialog').getByRole('button', { name: /^(Undo|Restore)/ }))
  await expect.poll(async () => (await api.get<unknown[]>(`${project.api}/envs/default/entities`)).length).toBeGreaterThan(0)
  // Nothing is left to undo, so the section that says so has the focus.
  await expect(page.getByRole('button', { name: /^Undo/ })).toHaveCount(0)
  await expect(page.getByRole('region', { name: 'Last nuke' })).toBeFocused()
})
