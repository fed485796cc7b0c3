import type { Page } from '@playwright/test'
import { expect, expectNoViolations, expectRow, expectToast, row, rowAction, select, test } from './fixtures.ts'
import { counts } from './sample-project.ts'

const tab = (page: Page, name: RegExp) => page.getByRole('tab', { name }).click()
const cell = (page: Page, name: string) =>
  page.getByRole('treegrid', { name: 'Cells' }).getByRole('row', { name: new RegExp(`^(Collapse |Expand )?${name}`) })

test('shows an owner the whole entity type and where it is used', async ({ as, api, project }) => {
  await api.put(`${project.api}/entity-types/site`, {
    states: ['planned', 'live'],
    initialState: 'planned',
    properties: [{ name: 'country', type: 'string', required: true, enum: ['de', 'fr', 'jp'], default: 'de' }],
    metrics: [{ name: 'load', unit: 'requests' }],
    constraints: [{ metric: 'load', max: 500 }],
  })
  const page = await as('owner')
  await page.goto(project.paths.catalog)
  await expectRow(page, 'site', { Properties: 'country', Metrics: 'load', Limits: 'load ≤ 500' })
  await page.getByRole('button', { name: 'site', exact: true }).click()
  const panel = page.getByRole('dialog', { name: 'site' })
  await expectRow(page, 'country', { Type: 'string, required', Default: 'de', 'Allowed values': 'de, fr, jp' })
  await expect(panel.getByRole('region', { name: 'YAML of site' })).toContainText('initialState: planned')
  await expectNoViolations(page)
  await panel.getByRole('button', { name: 'germany' }).click()
  await expect(page.getByRole('dialog', { name: 'germany' })).toBeVisible()
  await expect(page).toHaveURL(/tab=cells/)
})

test('shows cells as a tree with their capacity in the chosen environment', async ({ as, api, project }) => {
  const metrics = [{ name: 'load' }]
  await api.put(`${project.api}/entity-types/site`, {
    states: ['planned', 'live'],
    initialState: 'planned',
    properties: [{ name: 'country', type: 'string' }],
    metrics,
  })
  await api.put(`${project.api}/cells/europe`, {
    entityType: 'site',
    constraints: [{ metric: 'load', aggregate: 'sum', max: 40 }],
  })
  await api.put(`${project.api}/envs/default/entities/berlin/metrics`, { metrics: { load: 30 } })
  const page = await as('owner')
  await page.goto(`${project.paths.catalog}?tab=cells`)
  await expect(cell(page, 'europe')).toContainText('30 of 40')
  await expect(cell(page, 'europe')).toHaveAttribute('aria-level', '1')
  await expect(cell(page, 'germany')).toHaveAttribute('aria-level', '2')
  await expect(cell(page, 'germany')).toContainText('country = de')
  await expectNoViolations(page)

  await cell(page, 'asia').focus()
  await page.keyboard.press('ArrowDown')
  await expect(cell(page, 'europe')).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(cell(page, 'germany')).toBeHidden()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect(cell(page, 'france')).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  const panel = page.getByRole('dialog', { name: 'europe' })
  await expect(panel.getByText('30 of 40')).toBeVisible()
  await expect(panel.getByRole('list', { name: 'Entities' }).getByRole('listitem')).toHaveText([/berlin/, /hamburg/, /paris/])
  await expectNoViolations(page)
  await select(page, 'Environment of the entities', 'production')
  await expect(panel.getByRole('list', { name: 'Entities' }).getByRole('listitem')).toHaveText([/munich/])
  await expect(panel.getByRole('link', { name: 'View in Data' })).toHaveAttribute('href', /\/data\?env=production&cell=europe$/)
  await page.keyboard.press('Escape')
  await expect(cell(page, 'europe')).toBeFocused()
  await expect(cell(page, 'europe')).toContainText('no value of 40')
})

test('shows a cell-scoped member only the counts of what they can see', async ({ as, project }) => {
  const page = await as('scoped member')
  await page.goto(`${project.paths.catalog}?tab=cells`)
  await expect(page.getByText('Counts and capacity include only what you can see')).toBeVisible()
  await expect(cell(page, 'germany').getByRole('gridcell').nth(2)).toHaveText('2')
  await expect(cell(page, 'asia').getByRole('gridcell').nth(2)).toHaveText('0')
  expect(counts.asia).toBeGreaterThan(0)
})

test('explains why a parent cell cannot be deleted, and deletes a cell without children', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(`${project.paths.catalog}?tab=cells&open=europe`)
  await page.getByRole('dialog', { name: 'europe' }).getByRole('button', { name: 'Delete…' }).click()
  const confirm = page.getByRole('alertdialog', { name: 'Delete the cell europe?' })
  await confirm.getByRole('button', { name: 'Delete cell' }).click()
  await expect(confirm.getByRole('alert')).toContainText('europe is the parent of france, germany')
  await expectNoViolations(page)
  await confirm.getByRole('button', { name: 'Cancel' }).click()
  await page.keyboard.press('Escape')

  await cell(page, 'asia').click()
  await page.getByRole('dialog', { name: 'asia' }).getByRole('button', { name: 'Delete…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete cell' }).click()
  await expectToast(page, 'The cell asia was deleted')
  await expect(cell(page, 'asia')).toBeHidden()
})

test('sets a write-only secret in one environment and removes it', async ({ as, api, project }) => {
  await api.post(`${project.api}/envs/default/secrets`, { name: 'deploy-key', description: 'Signs roll-outs' })
  const page = await as('owner')
  await page.goto(`${project.paths.catalog}?tab=secrets`)
  await expectRow(page, 'deploy-key', { default: 'not set', production: 'not set' })
  await page.getByRole('button', { name: 'deploy-key' }).first().click()
  const panel = page.getByRole('dialog', { name: 'deploy-key' })
  await panel.getByRole('button', { name: 'Set value in production…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Set the value of deploy-key' })
  await dialog.getByLabel('Value').fill('open sesame')
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Set value' }).click()
  await expectToast(page, 'deploy-key has a value in production')
  await expect(panel.getByRole('button', { name: 'Replace value in production…' })).toBeVisible()
  await expect(page.getByText('open sesame')).toHaveCount(0)
  await panel.getByRole('button', { name: 'Delete value in production…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete value' }).click()
  await expectToast(page, 'The value of deploy-key in production was deleted')
  await page.keyboard.press('Escape')
  await expectRow(page, 'deploy-key', { default: 'not set', production: 'not set' })
  await rowAction(page, 'deploy-key', 'Delete secret…')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete secret' }).click()
  await expect(row(page, 'deploy-key')).toBeHidden()
})

test('shows what a revision changed, compares it with now, and applies it again', async ({ as, api, project }) => {
  const hall = { kind: 'EntityType', name: 'hall', states: ['open'], initialState: 'open' }
  const apply = (items: object[]) => api.post<{ revisionId: string }>(`${project.api}/envs/default/apply`, { items })
  const first = await apply([hall])
  await apply([
    { ...hall, displayName: 'Great hall' },
    { kind: 'Cell', name: 'north', entityType: 'hall' },
  ])
  const page = await as('owner')
  await page.goto(`${project.paths.catalog}?tab=revisions&open=${first.revisionId}`)
  const panel = page.getByRole('dialog', { name: 'Revision' })
  const difference = panel.getByRole('region', { name: 'Difference' })
  await expect(difference).toContainText('Created1 entity type')
  await select(page, 'Compare', 'From this revision to now')
  await expect(difference).toContainText('Great hall')
  await expectNoViolations(page)

  await panel.getByRole('button', { name: 'Apply again…' }).click()
  const dialog = page.getByRole('alertdialog', { name: /^Apply the catalog of/ })
  await expect(dialog.getByRole('region', { name: 'What would change' })).toContainText('north')
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Apply again' }).click()
  await expect(page.getByRole('heading', { name: 'Applied again' })).toBeFocused()
  await page.getByRole('button', { name: 'Done' }).click()
  // Until the dialog is gone, Escape is its own.
  await expect(panel.getByRole('button', { name: 'Apply again…' })).toBeFocused()
  await page.keyboard.press('Escape')
  await tab(page, /^Cells/)
  await expect(cell(page, 'europe')).toBeVisible()
  await expect(cell(page, 'north')).toBeHidden()
})

test('shows a viewer the catalog and why they cannot change it', async ({ as, project }) => {
  const page = await as('viewer')
  await page.goto(project.paths.catalog)
  await expectRow(page, 'site', { Properties: 'country' })
  await expect(page.getByRole('button', { name: 'Apply…' })).toHaveAccessibleDescription(/apply, nuke or undo/)
  await page.getByRole('button', { name: 'site', exact: true }).click()
  const panel = page.getByRole('dialog', { name: 'site' })
  await expect(panel.getByRole('button', { name: 'Delete…' })).toHaveAccessibleDescription(/change the catalog/)
  await expect(panel.getByRole('button', { name: 'Edit as YAML' })).toHaveAccessibleDescription(/apply, nuke or undo/)
  await page.keyboard.press('Escape')
  await tab(page, /^Cells/)
  await expect(cell(page, 'europe')).toBeVisible()
  await tab(page, /^Secrets/)
  await expect(page.getByText('You can’t see the secrets')).toBeVisible()
  await expectNoViolations(page)
})
