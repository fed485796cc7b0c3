import type { Page } from '@playwright/test'
import type { Api } from './api.ts'
import { expect, expectNoViolations, expectRow, expectToast, row, rowAction, select, test } from './fixtures.ts'
import { names } from './people.ts'
import { addSite, counts, createProject, type SampleProject } from './sample-project.ts'

const entities = (page: Page) => page.getByRole('table', { name: 'Entities' })
const namesIn = (page: Page) => entities(page).getByRole('rowheader')
const panelOf = (page: Page, name: string) => page.getByRole('dialog', { name, exact: true })

/** Opens an item by its name in the table. */
async function open(page: Page, name: string) {
  await entities(page).getByRole('link', { name, exact: true }).click()
  await expect(panelOf(page, name)).toBeVisible()
  return panelOf(page, name)
}

/** Sites that are near one another, in Europe and across its border; `vip` has manual members. */
async function addNeighbors(api: Api, project: SampleProject) {
  await api.post(`${project.api}/relationship-types`, {
    name: 'near',
    from: 'site',
    to: 'site',
    states: ['open', 'closed'],
    properties: [{ name: 'km', type: 'integer', required: true }],
  })
  await api.post(`${project.api}/cells`, { name: 'vip', entityType: 'site' })
  for (const [from, to] of [
    ['berlin', 'hamburg'],
    ['berlin', 'tokyo'],
    ['paris', 'berlin'],
  ]) {
    const relationship = { relationshipType: 'near', from, to, properties: { km: 300 } }
    await api.post(`${project.api}/envs/default/relationships`, relationship)
  }
}

test('filters entities, and keeps the filters in the URL across a reload', async ({ as, api, project }) => {
  await addSite(api, project, 'bern', 'ch')
  const page = await as('viewer')
  await page.goto(project.paths.data)
  await expect(namesIn(page)).toHaveText(['berlin', 'hamburg', 'paris', 'tokyo', 'nowhere', 'bern'])
  await expect(page.getByText('6 entities', { exact: true })).toBeVisible()
  await expect(page.getByRole('columnheader', { name: 'country' })).toHaveCount(0)
  await expectNoViolations(page)

  await select(page, 'Type: any', 'site')
  await expect(page.getByRole('columnheader', { name: 'country' })).toBeVisible()
  await expectRow(page, 'paris', { State: 'planned', country: 'fr', Cells: 'europe' })
  await page.getByRole('combobox', { name: 'Cell' }).fill('eur')
  await page.getByRole('option', { name: 'europe' }).click()
  await expect(namesIn(page)).toHaveText(['berlin', 'hamburg', 'paris'])
  await page.getByRole('searchbox', { name: 'Search by name' }).fill('ber')
  await expect(namesIn(page)).toHaveText(['berlin'])
  await expect(page.getByText('1 entity matches')).toBeVisible()
  await expect(page).toHaveURL(/type=site&cell=europe&q=ber/)
  await page.reload()
  await expect(namesIn(page)).toHaveText(['berlin'])
  await expect(page.getByRole('searchbox')).toHaveValue('ber')

  await select(page, 'State: any', 'live')
  await expect(page.getByText('No entities match')).toBeVisible()
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(namesIn(page)).toHaveCount(6)

  await select(page, 'Environment: default', 'production')
  await expect(namesIn(page)).toHaveText(['munich', 'osaka'])
  await expect(page).toHaveURL(/env=production/)
})

test('filters entities by a label', async ({ as, api, project }) => {
  const labeled = { name: 'rome', entityType: 'site', labels: { owner: 'ada', tier: '1' } }
  await api.post(`${project.api}/envs/default/entities`, labeled)
  const page = await as('member')
  await page.goto(project.paths.data)
  await expectRow(page, 'rome', { Labels: 'owner: ada' })
  await page.getByRole('textbox', { name: 'Label, as key:value' }).fill('owner:ada')
  await page.keyboard.press('Enter')
  await expect(namesIn(page)).toHaveText(['rome'])
  await page.reload()
  await expect(namesIn(page)).toHaveText(['rome'])
})

test(
  'scrolls through thousands of rows with only the visible ones in the document',
  { tag: '@nightly' },
  async ({ as, api, project }) => {
    test.slow()
    const many = 3000
    const items = Array.from({ length: many }, (_, i) => ({
      kind: 'Entity',
      entityType: 'site',
      name: `s-${String(i + 1).padStart(4, '0')}`,
    }))
    await api.post(`${project.api}/envs/default/apply`, { items })
    const page = await as('viewer')
    await page.goto(project.paths.data)
    const total = many + counts.default
    await expect(page.getByText(`${total.toLocaleString('en')} entities`, { exact: true })).toBeVisible()
    await expect(entities(page)).toHaveAttribute('aria-rowcount', String(total + 1))
    await page.getByRole('region', { name: 'Entities' }).evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight))
    const last = row(page, `s-${many}`)
    await expect(last).toBeVisible()
    await expect(last).toHaveAttribute('aria-rowindex', String(total + 1))
    expect(await namesIn(page).count()).toBeLessThan(80)
    await expectNoViolations(page)

    await last.getByRole('link').focus()
    await page.keyboard.press('PageUp')
    await page.keyboard.press('ArrowDown')
    const focused = (await page.locator(':focus').textContent()) ?? ''
    expect(focused).toMatch(/^s-29\d\d$/)
    await page.keyboard.press('Home')
    await expect(row(page, 'berlin').getByRole('link')).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await expect(row(page, 'hamburg').getByRole('link')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(panelOf(page, 'hamburg')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(row(page, 'hamburg').getByRole('link')).toBeFocused()
  },
)

test('follows a relationship from one entity to the next, and back', { tag: '@nightly' }, async ({ as, api, project }) => {
  await addNeighbors(api, project)
  const page = await as('viewer')
  await page.goto(project.paths.data)
  const berlin = await open(page, 'berlin')
  await expect(berlin.getByRole('list', { name: 'Outgoing' }).getByRole('listitem')).toHaveText([/hamburg/, /tokyo/])
  await expect(berlin.getByRole('list', { name: 'Incoming' }).getByRole('listitem')).toHaveText([/paris/])
  await expect(berlin.getByRole('list', { name: 'Cells that contain it' })).toContainText(/europe.*germany/)
  await expectNoViolations(page)
  await berlin.getByRole('link', { name: 'hamburg', exact: true }).click()
  const hamburg = panelOf(page, 'hamburg')
  await expect(hamburg.getByRole('list', { name: 'Incoming' }).getByRole('listitem')).toHaveText([/berlin/])
  await expect(hamburg.getByText('None.')).toBeVisible()
  await page.reload()
  await expect(hamburg.getByRole('button', { name: 'Edit' })).toHaveAccessibleDescription(/may change data, not a viewer/)
  await page.goBack()
  await expect(berlin).toBeVisible()
  await berlin.getByRole('link', { name: 'near, with tokyo' }).click()
  const near = panelOf(page, 'berlin → tokyo')
  await expect(near.getByText('300', { exact: true })).toBeVisible()
  await expectNoViolations(page)
  await near.getByRole('link', { name: 'tokyo' }).click()
  await expect(panelOf(page, 'tokyo')).toBeVisible()
})

test('edits a property, a label and the state, and updates the table and the cells', async ({ as, project }) => {
  const page = await as('member')
  await page.goto(`${project.paths.data}?type=site`)
  const panel = await open(page, 'tokyo')
  await panel.getByRole('button', { name: 'Edit' }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit tokyo' })
  await dialog.getByLabel('country').fill('fr')
  await select(page, 'State', 'live')
  await dialog.getByRole('button', { name: 'Add label' }).click()
  await dialog.getByLabel('Key of label 1').fill('moved')
  await dialog.getByLabel('Value of label 1').fill('yes')
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Save changes' }).click()
  await expectToast(page, 'tokyo was changed')
  await expect(panel.getByText('moved: yes')).toBeVisible()
  await expect(panel.getByRole('list', { name: 'Cells that contain it' })).toContainText(/europe.*france/)
  await panel.getByRole('button', { name: 'Close' }).click()
  await expectRow(page, 'tokyo', { country: 'fr', State: 'live', Cells: 'europe' })
})

test('reports an edit of what somebody else has changed meanwhile, and loses neither change', async ({ as, api, project }) => {
  const page = await as('member')
  await page.goto(project.paths.data)
  const panel = await open(page, 'berlin')
  await panel.getByRole('button', { name: 'Edit' }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit berlin' })
  await dialog.getByLabel('country').fill('fr')
  await api.put(`${project.api}/envs/default/entities/berlin`, { state: 'live', labels: { by: 'the owner' } })
  await dialog.getByRole('button', { name: 'Save changes' }).click()
  await expect(dialog.getByRole('alert').filter({ hasText: 'This was changed after you read it' })).toBeVisible()
  await expect(dialog.getByRole('region', { name: 'Their change' })).toContainText('live')
  await expect(dialog.getByLabel('country')).toHaveValue('fr')
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Save my changes anyway' }).click()
  await expectToast(page, 'berlin was changed')
  expect(await api.get(`${project.api}/envs/default/entities/berlin`)).toMatchObject({
    state: 'live',
    properties: { country: 'fr' },
    labels: { by: 'the owner' },
  })
})

test('shows a cell-scoped member only what the cell holds, in the list, the count and the relationships', async ({
  as,
  api,
  project,
}) => {
  await addNeighbors(api, project)
  const [owner, member] = [await as('owner'), await as('member')]
  await owner.goto(project.paths.members)
  await rowAction(owner, names.member, 'Change access…')
  const scopes = owner.getByRole('dialog', { name: `Access of ${names.member}` })
  await scopes.getByRole('checkbox', { name: /^germany/ }).click()
  await scopes.getByRole('button', { name: 'Save access' }).click()
  await expectToast(owner, `The access of ${names.member} was changed`)

  await member.goto(project.paths.data)
  await expect(namesIn(member)).toHaveText(['berlin', 'hamburg'])
  await expect(member.getByText('2 entities', { exact: true })).toBeVisible()
  await expectRow(member, 'berlin', { Cells: 'germany' })
  await expect(row(member, 'berlin')).not.toContainText('europe')
  const panel = await open(member, 'berlin')
  await expect(panel.getByRole('list', { name: 'Outgoing' }).getByRole('listitem')).toHaveText([/hamburg/])
  await expect(panel).not.toContainText(/tokyo|paris/)
  await panel.getByRole('button', { name: 'Close' }).click()
  await member.getByRole('tab', { name: 'Relationships' }).click()
  await expect(member.getByRole('table', { name: 'Relationships' }).getByRole('row')).toHaveText([/^From/, /berlin.*hamburg/])
  await expect(member.getByText('1 relationship', { exact: true })).toBeVisible()

  const tokyo = await api.get<{ id: string }>(`${project.api}/envs/default/entities/tokyo`)
  await member.goto(`${project.paths.data}?entity=${tokyo.id}`)
  await expect(member.getByText('This entity isn’t in default, or you don’t have access to it.')).toBeVisible()
})

test('refuses in the dialog, or does not offer, a write that leaves the member’s cells, and loses nothing they typed', async ({
  as,
  project,
}) => {
  const page = await as('scoped member')
  await page.goto(project.paths.data)
  const panel = await open(page, 'paris')
  await panel.getByRole('button', { name: 'Edit' }).click()
  const edit = page.getByRole('dialog', { name: 'Edit paris' })
  await edit.getByLabel('country').fill('jp')
  await edit.getByRole('button', { name: 'Save changes' }).click()
  await expect(edit.getByRole('alert')).toContainText('Your access does not include the cells of this entity')
  await expect(edit.getByLabel('country')).toHaveValue('jp')
  await edit.getByRole('button', { name: 'Cancel' }).click()
  await panel.getByRole('button', { name: 'Close' }).click()

  await page.getByRole('button', { name: 'Create entity' }).click()
  const create = page.getByRole('dialog', { name: 'Create entity' })
  await create.getByLabel('Name').fill('kyoto')
  await create.getByLabel('country').fill('jp')
  await expect(create.getByText('limited to the cell europe. Set country to de or fr').first()).toBeVisible()
  await expect(create.getByRole('button', { name: 'Create entity' })).toBeDisabled()
  await expectNoViolations(page)
  await create.getByLabel('country').fill('de')
  await create.getByRole('button', { name: 'Create entity' }).click()
  await expectToast(page, 'Created kyoto')
  await expect(panelOf(page, 'kyoto').getByRole('list', { name: 'Cells that contain it' })).toContainText('germany')
})

test('creates an entity with the fields of its type, relates it, adds it to a cell, removes it and deletes it', async ({
  as,
  api,
  project,
}) => {
  test.slow()
  await addNeighbors(api, project)
  await api.post(`${project.api}/entity-types`, {
    name: 'office',
    states: ['open'],
    initialState: 'open',
    properties: [
      { name: 'size', type: 'integer', required: true, title: 'Desks' },
      { name: 'style', type: 'string', enum: ['plain', 'fancy'], default: 'plain' },
    ],
  })
  const page = await as('member')
  await page.goto(project.paths.data)
  await page.getByRole('button', { name: 'Create entity' }).click()
  const create = page.getByRole('dialog', { name: 'Create entity' })
  await expect(create).toBeVisible()
  await select(page, 'Type', 'office')
  await create.getByLabel('Name').fill('annex')
  await expect(create.getByRole('combobox', { name: 'style' })).toContainText('plain')
  await create.getByLabel('Desks').fill('many')
  await create.getByRole('button', { name: 'Create entity' }).click()
  await expect(create.getByLabel('Desks')).toHaveAccessibleDescription(/must be a whole number/)
  await expectNoViolations(page)
  await create.getByLabel('Desks').fill('12')
  await create.getByRole('button', { name: 'Create entity' }).click()
  await expectToast(page, 'Created annex')
  await expect(panelOf(page, 'annex').getByText('12', { exact: true })).toBeVisible()
  await panelOf(page, 'annex').getByRole('button', { name: 'Close' }).click()

  const panel = await open(page, 'tokyo')
  await panel.getByRole('combobox', { name: 'Cell to add it to' }).fill('vip')
  await page.getByRole('option', { name: 'vip' }).click()
  await panel.getByRole('button', { name: 'Add to cell' }).click()
  await panel.getByRole('button', { name: 'Remove from vip' }).click()
  await expect(panel.getByRole('button', { name: 'Remove from vip' })).toHaveCount(0)

  await panel.getByRole('button', { name: 'Create relationship' }).click()
  const relate = page.getByRole('dialog', { name: 'Create relationship' })
  await expect(relate.getByRole('combobox', { name: 'From' })).toHaveValue('tokyo')
  await relate.getByRole('combobox', { name: 'To' }).fill('now')
  await page.getByRole('option', { name: /^nowhere/ }).click()
  await relate.getByLabel('km').fill('9000')
  await expectNoViolations(page)
  await relate.getByRole('button', { name: 'Create relationship' }).click()
  await expect(panel.getByRole('list', { name: 'Outgoing' })).toContainText('nowhere')

  await panel.getByRole('button', { name: 'Delete…' }).click()
  const confirm = page.getByRole('alertdialog', { name: 'Delete tokyo?' })
  await confirm.getByRole('button', { name: 'Delete entity' }).click()
  await expect(confirm.getByText('tokyo still has 2 relationships. Delete them first')).toBeVisible()
  await confirm.getByRole('button', { name: 'Cancel' }).click()
  for (const name of ['near, with nowhere', 'near, with berlin']) {
    await panel.getByRole('link', { name }).click()
    await page.getByRole('button', { name: 'Delete…' }).click()
    await page.getByRole('button', { name: 'Delete relationship' }).click()
    await expectToast(page, 'was deleted')
    await open(page, 'tokyo')
  }
  await panel.getByRole('button', { name: 'Delete…' }).click()
  await confirm.getByRole('button', { name: 'Delete entity' }).click()
  await expect(row(page, 'berlin')).toBeVisible()
  await expect(row(page, 'tokyo')).toHaveCount(0)
})

test('explains in each empty state why it is empty, and what to do', async ({ as, api }, { testId }) => {
  const slug = `bare-${testId.slice(-6)}`
  const project = await createProject(api, `Bare ${testId.slice(-6)}`, slug)
  const page = await as('organization owner')
  await page.goto(project.paths.data)
  await expect(page.getByText('No entity types yet')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Open the catalog' })).toHaveAttribute('href', project.paths.catalog)
  await expect(page.getByRole('button', { name: 'Create entity' })).toHaveAccessibleDescription(
    /Add an entity type to the catalog first/,
  )
  await expectNoViolations(page)
  await api.post(`${project.api}/entity-types`, { name: 'site', states: ['live'], initialState: 'live' })
  await page.reload()
  await expect(page.getByText('No entities in default')).toBeVisible()
  await page.getByRole('tab', { name: 'Relationships' }).click()
  await expect(page.getByText('No relationship types yet')).toBeVisible()
  await expectNoViolations(page)
})
