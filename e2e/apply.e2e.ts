import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import { expect, expectNoViolations, expectRow, expectToast, select, test } from './fixtures.ts'
import { createProject } from './sample-project.ts'

const hall = `kind: EntityType
name: hall
states: [open, shut]
initialState: open
---
kind: Cell
name: north
entityType: hall
---
kind: Cell
name: far-north
entityType: hall
parentCells: [north]
`
const editor = (page: Page) => page.getByRole('textbox', { name: 'Document' })
const difference = (page: Page) => page.getByRole('region', { name: 'What changes', exact: true })
const show = (page: Page) => page.getByRole('button', { name: 'Show difference', exact: true }).click()

test('shows a document as a difference, applies it, and lists its type and cells', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.catalog)
  await page.getByRole('link', { name: 'Apply…' }).click()
  await editor(page).fill(hall)
  await show(page)
  await expect(page.getByText('In default: 3 created. Nothing has changed yet.')).toBeVisible()
  await expect(difference(page)).toContainText('Created1 entity type')
  await expect(difference(page)).toContainText('far-north')
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Apply', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Applied' })).toBeVisible()
  await expectNoViolations(page)
  await page.getByRole('link', { name: 'Open the revision' }).click()
  await expect(page.getByRole('dialog', { name: 'Revision' }).getByRole('region', { name: 'Difference' })).toContainText('hall')
  await page.goto(project.paths.catalog)
  await expectRow(page, 'hall', { States: 'open' })
  await page.getByRole('tab', { name: /^Cells/ }).click()
  const cells = page.getByRole('treegrid', { name: 'Cells' })
  await expect(cells.getByRole('row').filter({ hasText: 'far-north' })).toHaveAttribute('aria-level', '2')
})

test('shows an update before and after, and asks for the difference again when the text changes', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(`${project.paths.apply}?edit=${encodeURIComponent('EntityType/site')}`)
  await expect(editor(page)).toHaveValue(/displayName: site/)
  const text = await editor(page).inputValue()
  await editor(page).fill(text.replace('displayName: site', 'displayName: Place'))
  await show(page)
  const change = difference(page).getByRole('region', { name: 'What changes in site' })
  await expect(change.getByRole('deletion')).toHaveText('"site"')
  await expect(change.getByRole('insertion')).toHaveText('"Place"')
  await editor(page).fill(text)
  await expect(page.getByRole('button', { name: 'Apply', exact: true })).toHaveAccessibleDescription(/Show the difference again/)
})

test('reports an invalid item with its line, and applies the rest', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.apply)
  await editor(page).fill(`${hall}---\nkind: Cell\nname: lost\nentityType: nowhere\n`)
  await show(page)
  await expect(difference(page)).toContainText('Failed1 cell')
  await expect(difference(page)).toContainText('lost')
  await difference(page).getByRole('button', { name: 'line 17' }).click()
  await expect(editor(page)).toBeFocused()
  const selected = await editor(page).evaluate((area: HTMLTextAreaElement) =>
    area.value.slice(area.selectionStart, area.selectionEnd),
  )
  expect(selected).toBe('entityType: nowhere')
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Apply what works' }).click()
  await expect(page.getByRole('heading', { name: 'Partly applied: some items failed' })).toBeVisible()
  await page.goto(project.paths.catalog)
  await expectRow(page, 'hall')
})

test('reports where YAML is invalid, and keeps the text', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.apply)
  await editor(page).fill('kind: Cell\nname: north\nname: south\n')
  await expect(page.getByText(/^Line 3, column 1: /)).toBeVisible()
  await expect(editor(page)).toHaveAccessibleDescription(/Line 3/)
  await expect(page.getByRole('button', { name: 'Show difference' })).toHaveAccessibleDescription('Line 3 has an error')
  await expectNoViolations(page)
  await page.reload()
  await expect(editor(page)).toHaveValue(/name: south/)
})

test('requires force to remove a state that is in use, and says so', async ({ as, api, project }) => {
  await api.put(`${project.api}/envs/default/entities/berlin`, { state: 'live', properties: { country: 'de' } })
  const page = await as('owner')
  await page.goto(project.paths.apply)
  const site =
    'kind: EntityType\nname: site\nstates: [planned]\ninitialState: planned\nproperties: [{ name: country, type: string }]\n'
  await editor(page).fill(site)
  await show(page)
  const refusal = page.getByRole('alert').filter({ hasText: 'This would remove states or properties that are in use' })
  await expect(refusal).toContainText('must keep live')
  await expect(refusal.getByRole('button', { name: 'line 3' })).toBeVisible()
  await expectNoViolations(page)
  await refusal.getByRole('button', { name: 'Show difference with force' }).click()
  await expect(page.getByRole('checkbox', { name: 'Force' })).toBeChecked()
  // The pressed button is gone, and Tab continues in the result that replaced it.
  const result = page.getByRole('region', { name: 'Result', exact: true })
  await expect(result).toBeFocused()
  await expectNoViolations(page)
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Apply…' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByRole('heading', { name: 'Applied' }).getByText('Applied')).toBeFocused()
  expect(await api.get(`${project.api}/envs/default/entities/berlin`)).toMatchObject({ state: 'planned' })
})

test('confirms the deletions of a document by name', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.apply)
  await editor(page).fill('items: []\ndeletions:\n  - { kind: Cell, name: asia }\n')
  await show(page)
  await expect(difference(page)).toContainText('Deleted1 cell')
  await page.getByRole('button', { name: 'Apply…' }).click()
  const confirm = page.getByRole('alertdialog', { name: `Apply this to ${project.slug}?` })
  await expect(confirm).toContainText('This deletes asia from the catalog.')
  await confirm.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByRole('heading', { name: 'Applied' })).toBeVisible()
})

test('applies five thousand entities from a file with progress, and lists them', { tag: '@nightly' }, async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.apply)
  const items = Array.from({ length: 5000 }, (_, i) => ({ kind: 'Entity', entityType: 'site', name: `s${i}` }))
  const file = { name: 'sites.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ items })) }
  await page.getByLabel('File to load').setInputFiles(file)
  await expect(editor(page)).toHaveValue(/s4999/)
  await select(page, 'Environment', 'production')
  await show(page)
  await expect(difference(page)).toContainText('Created5,000 entities')
  expect(
    await difference(page)
      .getByText(/^s\d+$/)
      .count(),
  ).toBeLessThan(200)
  const seen = page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const texts = new Set<string>()
        const watch = new MutationObserver(() => {
          const bar = document.querySelector('[role="progressbar"][aria-label="Applying"]')
          if (bar) texts.add(bar.getAttribute('aria-valuetext') ?? '')
          else if (texts.size > 0) {
            watch.disconnect()
            resolve([...texts])
          }
        })
        watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
      }),
  )
  await page.getByRole('button', { name: 'Apply', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Applied' })).toBeVisible()
  expect((await seen).filter((text) => /^Entities: [1-4],000 of 5,000$/.test(text)).length).toBeGreaterThan(0)
})

test('offers a sample in an empty project, which can be applied unchanged', async ({ as, api }) => {
  const { paths } = await createProject(api, 'Empty', `empty-${randomBytes(4).toString('hex')}`)
  const page = await as('organization owner')
  await page.goto(paths.catalog)
  await expect(page.getByText('No catalog yet')).toBeVisible()
  await page.getByRole('link', { name: 'View a sample' }).click()
  await expect(editor(page)).toHaveValue(/name: europe/)
  await show(page)
  await page.getByRole('button', { name: 'Apply', exact: true }).click()
  await expect(page.getByText(/^In default: 6 created/)).toBeVisible()
})

test('keeps the text when the session expires', async ({ as, project, newcomer, api }) => {
  const person = await newcomer('admin')
  const page = await as(person)
  await page.goto(project.paths.apply)
  await editor(page).fill(hall)
  await page.context().clearCookies()
  await show(page)
  await expect(page.getByText('Your session has ended').first()).toBeVisible()
  await expect(editor(page)).toHaveValue(hall)
  expect(await api.get(`${project.api}/entity-types`)).toHaveLength(1)
})

test('tells a viewer why they cannot apply', async ({ as, project }) => {
  const page = await as('viewer')
  await page.goto(project.paths.apply)
  await editor(page).fill(hall)
  await expect(page.getByRole('button', { name: 'Show difference' })).toHaveAccessibleDescription(/apply, nuke or undo/)
})

test('restores the text after clearing and loading', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.apply)
  await editor(page).fill(hall)
  await page.getByRole('button', { name: 'Clear' }).click()
  await expect(editor(page)).toHaveValue('')
  await expectToast(page, 'Document cleared')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(editor(page)).toHaveValue(hall)
})

test('loads a file that is dropped onto the editor', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.apply)
  const dropped = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([text], 'hall.yaml', { type: 'application/yaml' }))
    return transfer
  }, hall)
  await editor(page).dispatchEvent('drop', { dataTransfer: dropped })
  await expect(editor(page)).toHaveValue(hall)
  await show(page)
  await expect(difference(page)).toContainText('Created2 cells')
})
