import type { Page } from '@playwright/test'
import { expect, expectRow, expectToast, test } from './fixtures.ts'
import { reportTask, tabTo } from './keys.ts'
import { names } from './people.ts'
import type { SampleProject } from './sample-project.ts'

test.afterEach(reportTask)

test('nukes a project with the keyboard alone, and returns the focus', async ({ as, api, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.settings)
  const opener = page.getByRole('button', { name: 'Nuke project…' })
  await tabTo(page, opener)
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('alertdialog', { name: `Nuke ${project.slug}?` })
  await expect(dialog.getByText(/will be removed from every environment/)).toBeVisible()
  await expect(dialog.getByLabel(`Type ${project.slug} to confirm`)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(opener).toBeFocused()

  await page.keyboard.press('Enter')
  await expect(dialog.getByText(/will be removed from every environment/)).toBeVisible()
  await page.keyboard.type(project.slug)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: `${project.slug} was nuked` })).toBeFocused()
  expect(await api.get(`${project.api}/envs/default/entities`)).toEqual([])
  await tabTo(page, page.getByRole('button', { name: 'Done' }))
  await page.keyboard.press('Enter')
  await expect(opener).toBeFocused()
})

/** Opens "Add member" by its button; the field for the person has the focus. */
async function addMember(page: Page, project: SampleProject) {
  await page.goto(project.paths.members)
  const opener = page.getByRole('button', { name: 'Add member' })
  await tabTo(page, opener)
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Add member' })
  await expect(dialog.getByRole('combobox', { name: 'Person' })).toBeFocused()
  return { opener, dialog }
}

test('adds a member with the keyboard alone, and returns the focus', { tag: '@nightly' }, async ({ as, project, newcomer }) => {
  const person = await newcomer()
  const page = await as('owner')
  const { opener, dialog } = await addMember(page, project)
  await page.keyboard.type(person.email)
  await expect(page.getByRole('option', { name: /@acme\.test/ })).toHaveText([new RegExp(person.name)])
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('combobox', { name: 'Person' })).toHaveValue(person.name)
  await tabTo(page, dialog.getByRole('combobox', { name: 'Role' }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('option', { name: /^Viewer/ })).toBeVisible()
  await page.keyboard.type('view')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('combobox', { name: 'Role' })).toContainText('Viewer')
  await tabTo(page, dialog.getByRole('button', { name: 'Add member' }))
  await page.keyboard.press('Enter')
  await expectToast(page, `${person.name} was added`)
  await expect(opener).toBeFocused()
  await expectRow(page, person.name, { Role: 'Viewer' })
})

test('keeps the focus in a dialog while Tab is held down', { tag: '@nightly' }, async ({ as, project }) => {
  const page = await as('owner')
  const { opener, dialog } = await addMember(page, project)
  const behind = await page.evaluateHandle(() => {
    const seen: string[] = []
    document.addEventListener('focusin', ({ target }) => {
      const element = target as HTMLElement
      if (element.closest('#root')) seen.push(element.innerText)
    })
    return seen
  })
  // Without waiting for the effect of each press.
  await Promise.all(Array.from({ length: 100 }, () => page.keyboard.down('Tab')))
  expect(await behind.jsonValue()).toEqual([])
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(opener).toBeFocused()
})

test('moves the focus to the table once an action on the selection is done', { tag: '@nightly' }, async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  const table = page.getByRole('region', { name: 'Members', exact: true })
  const select = async () => {
    await tabTo(page, page.getByRole('checkbox', { name: `Select ${names.viewer}` }))
    await page.keyboard.press('Space')
  }
  await select()
  await tabTo(page, page.getByRole('button', { name: 'Clear selection' }))
  await page.keyboard.press('Enter')
  await expect(table).toBeFocused()

  await select()
  await tabTo(page, page.getByRole('button', { name: 'Remove…' }))
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await tabTo(page, dialog.getByRole('button', { name: 'Remove members' }))
  await page.keyboard.press('Enter')
  await expect(dialog.getByText('1 removed')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(table).toBeFocused()
})

test('shows a screen reader what an open list hid once the focus moves on', { tag: '@nightly' }, async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.audit)
  const field = page.getByRole('combobox', { name: 'Action', exact: true })
  await tabTo(page, field)
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('option').first()).toBeVisible()
  await expect(page.locator('main :focus')).toHaveCount(1)
  await page.keyboard.press('Tab')
  await expect(page.getByRole('option')).toHaveCount(0)
  await expect(page.locator('main :focus')).not.toHaveAccessibleName('Action')
  await expect(page.locator('[aria-hidden=true] :focus')).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Audit log', level: 1 })).toBeVisible()
})

test('jumps from the palette to a screen, a project and a member', { tag: '@nightly' }, async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.overview)
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
  const jump = async (text: string, option: RegExp, group?: string) => {
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Jump to' })
    await expect(palette).toBeVisible()
    await page.keyboard.type(text)
    const found = (group ? palette.getByRole('group', { name: group }) : palette).getByRole('option', { name: option }).first()
    // The same person is among the people too, and either list may be answered first.
    await expect(async () => {
      if ((await found.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown')
      await expect(found).toHaveAttribute('aria-selected', 'true', { timeout: 300 })
    }).toPass()
    await page.keyboard.press('Enter')
  }
  await jump('environm', /^Environments/)
  await expect(page.getByRole('heading', { name: 'Environments', level: 1 })).toBeVisible()
  await jump('vera', /^Vera Viewer/, 'Members')
  await expect(page.getByRole('heading', { name: 'Vera Viewer', level: 1 })).toBeVisible()
  await jump(project.slug, new RegExp(project.name))
  await expect(page).toHaveURL(project.paths.overview)
})
