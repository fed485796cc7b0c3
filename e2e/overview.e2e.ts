import type { Page } from '@playwright/test'
import { expect, expectNoViolations, test } from './fixtures.ts'
import { counts } from './sample-project.ts'

const figure = (page: Page, section: string, label: string) =>
  page.getByRole('region', { name: section }).getByRole('listitem').filter({ hasText: label })

test('shows an owner what is in the project by table, environment and cell', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.overview)
  await expect(page).toHaveTitle(new RegExp(`Overview · ${project.slug}`))
  await expect(page.getByText(`${counts.entities} entities`)).toBeVisible()
  await expect(figure(page, 'By environment', 'default')).toContainText(String(counts.default))
  await expect(figure(page, 'By environment', 'production')).toContainText(String(counts.production))
  await expect(figure(page, 'By cell', 'europe')).toContainText(String(counts.europe))
  await expect(figure(page, 'By cell', 'germany')).toContainText(String(counts.germany))
  await expect(page.getByText('Not protected')).toBeVisible()
  await expect(
    page.getByRole('region', { name: 'Recent changes' }).getByRole('row', { name: /entity.created osaka/ }),
  ).toBeVisible()
  await expectNoViolations(page)
})

test('shows a cell-scoped member the counts of what they can see', async ({ as, project }) => {
  const page = await as('scoped member')
  await page.goto(project.paths.overview)
  await expect(page.getByText(`${counts.europe} entities`)).toBeVisible()
  await expect(figure(page, 'By cell', 'asia')).toContainText('0')
  await expect(page.getByText('europe').first()).toBeVisible()
  await expectNoViolations(page)
})

test('tells a viewer why they cannot read the audit log', async ({ as, project }) => {
  const page = await as('viewer')
  await page.goto(project.paths.overview)
  await expect(page.getByText(/may read the audit log/)).toBeVisible()
})
