import type { Page } from '@playwright/test'
import { expect, expectNoViolations, test } from './fixtures.ts'
import { counts } from './sample-project.ts'
import { names } from './people.ts'

const figure = (page: Page, name: RegExp) => page.getByRole('list', { name: 'Key figures' }).getByRole('link', { name })
const cell = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Cells by fullness' }).getByRole('listitem').filter({ hasText: name })
const changes = (page: Page) => page.getByRole('region', { name: 'Recent changes' }).getByRole('listitem')

test('shows an owner four figures, each with the list behind it', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.overview)
  await expect(page).toHaveTitle(new RegExp(`Overview · ${project.slug}`))
  await expect(figure(page, new RegExp(`^${counts.entities} entities$`))).toBeVisible()
  await expect(cell(page, 'europe')).toContainText(`${counts.europe} entities`)
  await expect(cell(page, 'germany')).toContainText(`${counts.germany} entit`)
  await expect(page.getByText('Not protected')).toBeVisible()
  await expectNoViolations(page)
  for (const [name, title] of [
    [/members$/, 'Members'],
    [/tokens? expires? within 14 days$/, 'Access review'],
    [/entities$/, 'Data'],
    [/cells? over 80% full/, 'Catalog'],
  ] as const) {
    await page.goto(project.paths.overview)
    await figure(page, name).click()
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible()
  }
})

test('counts the tokens that expire soon, and the cells that are nearly full', async ({ as, api, project }) => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  await api.post(`${project.api}/tokens`, { name: 'soon', expiresAt: inDays(13) })
  await api.post(`${project.api}/tokens`, { name: 'later', expiresAt: inDays(20) })
  const page = await as('owner')
  await page.goto(project.paths.overview)
  const expiring = figure(page, /^1 token expires within 14 days$/)
  await expect(expiring).toBeVisible()
  await expiring.click()
  await expect(page.getByRole('row').filter({ hasText: 'soon' })).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'later' })).toHaveCount(0)
})

test('draws the changes of each day, and has the same numbers in words and in a table', async ({ as, api, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.overview)
  const activity = await api.get<{ days: { people: number; tokens: number; system: number }[] }>(
    `${project.api}/audit-events/activity`,
  )
  const today = activity.days.at(-1)!
  const total = today.people + today.tokens + today.system
  const section = page.getByRole('region', { name: 'Changes in the last 30 days' })
  await expect(section.getByRole('figure')).toHaveAccessibleName(
    new RegExp(`^${total} changes in the last 30 days: ${today.people} by people`),
  )
  await expect(section.locator('svg rect').first()).toBeAttached()
  await section.getByText('Show as a table').click()
  await expect(section.getByRole('row').last()).toContainText(String(total))
  await expectNoViolations(page)
})

test('tells the latest changes in sentences with names, and marks a nuke and its undo', async ({ as, api, project }) => {
  await api.delete(`${project.api}/nuke`)
  const [wipe] = await api.get<{ id: string }[]>(`${project.url}/wipes`)
  await api.post(`${project.url}/wipes/${wipe!.id}/restore`)
  const page = await as('owner')
  await page.goto(project.paths.overview)
  const owner = names['organization owner']
  await expect(changes(page).nth(0)).toContainText(`${owner} undid a nuke of the project`)
  await expect(changes(page).nth(1)).toContainText(`${owner} nuked the project`)
  await expect(changes(page).filter({ hasText: `${owner} created the entity osaka` })).toBeVisible()
  await expectNoViolations(page)
  await changes(page).nth(1).getByRole('link').click()
  await expect(page.getByRole('dialog')).toContainText('project.nuked')
})

test('folds where the rows are away', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.overview)
  const storage = page.getByRole('region', { name: 'Storage' })
  await expect(storage.getByRole('list', { name: 'Rows by table' })).toBeHidden()
  await storage.getByText('Storage', { exact: true }).click()
  await expect(storage.getByRole('listitem').filter({ hasText: 'default' })).toContainText(String(counts.default))
  await expect(storage.getByRole('listitem').filter({ hasText: 'production' })).toContainText(String(counts.production))
  await expectNoViolations(page)
})

test('shows a cell-scoped member the counts of what they can see', async ({ as, project }) => {
  const page = await as('scoped member')
  await page.goto(project.paths.overview)
  await expect(figure(page, new RegExp(`^${counts.europe} entities$`))).toBeVisible()
  await expect(cell(page, 'asia')).toContainText('0 entities')
  await expect(page.getByText('europe').first()).toBeVisible()
  await expectNoViolations(page)
})

test('tells a viewer why they get neither the audit log nor the tokens', async ({ as, project }) => {
  const page = await as('viewer')
  await page.goto(project.paths.overview)
  await expect(page.getByText(/may read the audit log/)).toBeVisible()
  await expect(figure(page, /tokens? expire/)).toHaveCount(0)
  await expect(
    page.getByRole('list', { name: 'Key figures' }).getByRole('listitem').filter({ hasText: 'okens expire' }),
  ).toContainText(/members/)
})
