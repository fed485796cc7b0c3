import type { CDPSession, Page } from '@playwright/test'
import { paths } from '#contract/paths'
import { expect, expectNoViolations, expectToast, row, rowAction, test } from './fixtures.ts'
import { names, organization } from './people.ts'

const question = (page: Page) => page.getByRole('alertdialog', { name: 'Discard what you typed?' })

async function openCreateEnvironment(page: Page) {
  await page.getByRole('button', { name: 'Create environment' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create environment' })
  await expect(dialog).toBeVisible()
  return dialog
}

test('closes an untouched form at once, and asks before a typed text is lost', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.environments)
  const dialog = await openCreateEnvironment(page)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  await openCreateEnvironment(page)
  const name = dialog.getByLabel('Name')
  await name.fill('staging')
  await page.keyboard.press('Escape')
  await expect(question(page)).toBeVisible()
  await expect(question(page).getByRole('button', { name: 'Keep editing' })).toBeFocused()
  await expectNoViolations(page)
  // A second Escape keeps the text, too.
  await page.keyboard.press('Escape')
  await expect(question(page)).toBeHidden()
  await expect(name).toHaveValue('staging')
  await expect(name).toBeFocused()
  await page.mouse.click(5, 5)
  await expect(dialog).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await question(page).getByRole('button', { name: 'Keep editing' }).click()
  await name.fill('')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  await openCreateEnvironment(page)
  await name.fill('staging')
  await page.keyboard.press('Escape')
  await question(page).getByRole('button', { name: 'Discard' }).click()
  await expect(question(page)).toBeHidden()
  await expect(dialog).toBeHidden()
  await openCreateEnvironment(page)
  await expect(name).toHaveValue('')
  await name.fill('staging')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()
})

test('asks in every dialog with a text field', { tag: '@nightly' }, async ({ as, project }) => {
  test.slow()
  const page = await as('organization owner')
  const org = paths.organization(organization.slug)
  const places: [string, string, string][] = [
    [paths.projects(organization.slug), 'Create project', 'Name'],
    [org.people, 'Invite people', 'Email addresses'],
    [org.personalTokens, 'Create personal token', 'Name'],
    [org.webhooks, 'Create webhook', 'URL'],
    [project.paths.tokens, 'Create token', 'Name'],
    [project.paths.settings, 'Link a repository', 'Repository'],
    [project.paths.data, 'Create entity', 'Name'],
  ]
  for (const [place, opener, label] of places)
    await test.step(opener, async () => {
      await page.goto(place)
      await page.getByRole('button', { name: opener, exact: true }).first().click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel(label, { exact: true }).first().fill('typed')
      await page.keyboard.press('Escape')
      await question(page).getByRole('button', { name: 'Keep editing' }).click()
      await expect(dialog.getByLabel(label, { exact: true }).first()).toHaveValue('typed')
      await page.keyboard.press('Escape')
      await question(page).getByRole('button', { name: 'Discard' }).click()
      await expect(dialog).toBeHidden()
    })
})

test('asks in a panel whose choice is not saved', { tag: '@nightly' }, async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  await rowAction(page, names['viewer'], 'Change access…')
  const panel = page.getByRole('dialog', { name: `Access of ${names['viewer']}` })
  await panel.getByRole('radio', { name: /^Only these cells/ }).click()
  await panel.getByRole('checkbox', { name: /^germany/ }).click()
  await page.keyboard.press('Escape')
  await question(page).getByRole('button', { name: 'Keep editing' }).click()
  await expect(panel.getByRole('checkbox', { name: /^germany/ })).toBeChecked()
})

test('asks before a link, the palette, Back or a reload loses what was typed on a page', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.overview)
  const side = page.getByRole('navigation').filter({ has: page.getByRole('link', { name: 'Members' }) })
  await side.getByRole('link', { name: 'Settings' }).first().click()
  await expect(page).toHaveURL(project.paths.settings)
  const name = page.getByLabel('Name', { exact: true })
  await name.fill('Half a na')

  await side.getByRole('link', { name: 'Members' }).click()
  await expect(question(page)).toBeVisible()
  await question(page).getByRole('button', { name: 'Keep editing' }).click()
  await expect(name).toHaveValue('Half a na')

  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Jump to' })).toBeFocused()
  await page.keyboard.type('Environments')
  await expect(page.getByRole('option', { name: /Environments/ }).first()).toBeVisible()
  await page.keyboard.press('Enter')
  await question(page).getByRole('button', { name: 'Keep editing' }).click()
  await expect(name).toHaveValue('Half a na')

  await page.evaluate(() => history.back())
  await question(page).getByRole('button', { name: 'Keep editing' }).click()
  await expect(page).toHaveURL(project.paths.settings)
  await expect(name).toHaveValue('Half a na')

  const asked = page.waitForEvent('dialog')
  const reload = page.evaluate(() => location.reload())
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await reload
  await expect(name).toHaveValue('Half a na')

  await side.getByRole('link', { name: 'Members' }).click()
  await question(page).getByRole('button', { name: 'Discard' }).click()
  await expect(page).toHaveURL(project.paths.members)
  await page.evaluate(() => history.back())
  await expect(page).toHaveURL(project.paths.settings)
  await expect(name).toHaveValue(project.name)

  await name.fill('A whole name')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await side.getByRole('link', { name: 'Members' }).click()
  await expect(page).toHaveURL(project.paths.members)
})

test('goes back after asking, out of a dialog over a panel with its own URL', { tag: '@nightly' }, async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.data)
  await row(page, 'berlin').getByRole('link', { name: 'berlin' }).click()
  const panel = page.getByRole('dialog', { name: /berlin/ })
  await panel.getByRole('button', { name: /^Edit/ }).click()
  const edit = page.getByRole('dialog', { name: 'Edit berlin' })
  await edit.getByRole('button', { name: 'Add label' }).click()
  await edit.getByLabel('Key').fill('team')
  const before = page.url()
  await page.evaluate(() => history.back())
  await question(page).getByRole('button', { name: 'Keep editing' }).click()
  await expect(edit.getByLabel('Key')).toHaveValue('team')
  expect(page.url()).toBe(before)
  await page.evaluate(() => history.back())
  await question(page).getByRole('button', { name: 'Discard' }).click()
  await expect(page).not.toHaveURL(before)
  await expect(edit).toBeHidden()
})

test('keeps the form below when Escape closes “Confirm it’s you”', { tag: '@nightly' }, async ({ as, newcomer, database }) => {
  const person = await newcomer('owner')
  const page = await as(person)
  const stale = new Date(Date.now() - 3_600_000).toISOString()
  await database.updateTable('sessions').set({ authenticated_at: stale }).where('user_id', '=', person.id).execute()
  await page.goto(paths.organization(organization.slug).personalTokens)
  await page.getByRole('button', { name: 'Create personal token', exact: true }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Create personal token' })
  await dialog.getByLabel('Name').fill('laptop')
  await dialog.getByRole('button', { name: 'Create personal token' }).click()
  const ask = page.getByRole('dialog', { name: 'Confirm it’s you' })
  await ask.getByLabel('Your password').fill('half a passw')
  await page.keyboard.press('Escape')
  await expect(ask).toBeHidden()
  await expect(question(page)).toBeHidden()
  await expect(dialog.getByLabel('Name')).toHaveValue('laptop')
})

test('asks before a tab is closed with a document that is not applied', { tag: '@nightly' }, async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.apply)
  const editor = page.getByLabel('Document')
  await editor.fill('kind: EntityType\nname: hall\nstates: [open]\ninitialState: open\n')
  // The draft survives this, so nothing asks.
  await page.getByRole('link', { name: 'Members' }).first().click()
  await expect(page).toHaveURL(project.paths.members)
  await page.goBack()
  await expect(editor).toHaveValue(/name: hall/)
  await editor.focus()
  await page.keyboard.press('End')
  const asked = page.waitForEvent('dialog')
  await page.close({ runBeforeUnload: true })
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await page.getByRole('button', { name: 'Show difference' }).click()
  await page.getByRole('button', { name: /^Apply/ }).click()
  await expect(page.getByText('hall').first()).toBeVisible()
})

/** Types Japanese with an input method, which takes Enter to accept it. Safari reports that Enter after the composition. */
async function compose(cdp: CDPSession, text: string, order: 'during' | 'after') {
  const accept = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 }
  await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
  if (order === 'after') await cdp.send('Input.insertText', { text })
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', ...accept, text: '\r', unmodifiedText: '\r' })
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...accept })
  if (order === 'during') await cdp.send('Input.insertText', { text })
}

for (const order of ['during', 'after'] as const)
  test(
    `does not submit with the Enter that ends a composition, reported ${order} it`,
    { tag: '@nightly' },
    async ({ as, project }) => {
      const page = await as('owner')
      const cdp = await page.context().newCDPSession(page)
      await page.goto(project.paths.tokens)
      await page.getByRole('button', { name: 'Create token', exact: true }).first().click()
      const dialog = page.getByRole('dialog', { name: 'Create token' })
      const name = dialog.getByLabel('Name')
      await name.focus()
      await compose(cdp, '日本', order)
      await expect(name).toHaveValue('日本')
      await expect(dialog).toBeVisible()
      // Drops the suggestion, not the dialog.
      await cdp.send('Input.imeSetComposition', { text: '語', selectionStart: 1, selectionEnd: 1 })
      await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Escape', code: 'Escape', windowsVirtualKeyCode: 229 })
      await cdp.send('Input.insertText', { text: '語' })
      await expect(question(page)).toBeHidden()
      await expect(name).toHaveValue('日本語')
      await page.keyboard.press('Enter')
      await expect(page.getByRole('dialog', { name: 'Token 日本語' })).toBeVisible()
    },
  )

test('takes no option and adds no cell with the Enter of a composition', { tag: '@nightly' }, async ({ as, project }) => {
  const page = await as('owner')
  const cdp = await page.context().newCDPSession(page)
  await page.goto(project.paths.members)
  await rowAction(page, names['viewer'], 'Change access…')
  const panel = page.getByRole('dialog', { name: `Access of ${names['viewer']}` })
  await panel.getByRole('radio', { name: /^Only these cells/ }).click()
  const search = panel.getByRole('searchbox', { name: 'Search cells or type a name' })
  await search.focus()
  await compose(cdp, '東京', 'after')
  await expect(search).toHaveValue('東京')
  await expect(panel.getByRole('list', { name: 'Chosen cells' })).toBeHidden()
  await page.keyboard.press('Enter')
  await expect(panel.getByRole('list', { name: 'Chosen cells' })).toContainText('東京')

  await page.goto(project.paths.members)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Jump to' })).toBeFocused()
  await compose(cdp, 'Env', 'during')
  await expect(page.getByRole('option', { name: /Environments/ }).first()).toBeVisible()
  await expect(page).toHaveURL(project.paths.members)
  await page.keyboard.press('Enter')
  await expect(page).not.toHaveURL(project.paths.members)
})

test('submits a name in Latin letters at once', { tag: '@nightly' }, async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.environments)
  const dialog = await openCreateEnvironment(page)
  await dialog.getByLabel('Name').fill('staging')
  await page.keyboard.press('Enter')
  await expectToast(page, 'The environment staging was created')
})
