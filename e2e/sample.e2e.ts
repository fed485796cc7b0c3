import { randomBytes } from 'node:crypto'
import { createOrganization } from '#domain/organizations/organizations'
import { paths } from '#contract/paths'
import { expect, expectNoViolations, expectToast, test } from './fixtures.ts'

test(
  'lets a person without a project create a sample, which fills every screen',
  { tag: '@nightly' },
  async ({ as, database, newcomer }) => {
    const owner = await newcomer()
    const slug = `fresh-${randomBytes(4).toString('hex')}`
    await createOrganization(database, { slug, name: 'Fresh', owner })
    const page = await as(owner)
    await page.goto(paths.projects(slug))
    await expect(page.getByText('No projects yet')).toBeVisible()
    await expectNoViolations(page)
    await page.getByRole('button', { name: 'Create sample project' }).click()
    await expectToast(page, 'Created Sample')
    const project = paths.project(slug, 'sample')
    await expect(page).toHaveURL(project.overview)
    await expect(page.getByRole('list', { name: 'Cells by fullness' })).toContainText('eu-west-1')

    await page.goto(`${project.data}?env=production`)
    await expect(page.getByText('186 entities', { exact: true })).toBeVisible()
    await page.getByRole('link', { name: 'checkout-api-01', exact: true }).click()
    const panel = page.getByRole('dialog', { name: 'checkout-api-01' })
    await expect(panel.getByText(/of 64 cores/)).toBeVisible()
    await expect(panel.getByRole('list', { name: 'Outgoing' })).toContainText('depends-on')
    await expectNoViolations(page)
  },
)
