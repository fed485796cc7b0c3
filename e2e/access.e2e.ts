import type { Page } from '@playwright/test'
import { expect, expectNoViolations, rowAction, test } from './fixtures.ts'
import { names } from './people.ts'

async function tryEntity(page: Page, name: string) {
  await page.getByLabel('Entity', { exact: true }).fill(name)
  await page.getByRole('button', { name: 'Check' }).click()
}

test('shows an owner what a scoped member can do and see, and why', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  await rowAction(page, names['scoped member'], 'View access')
  await expect(page.getByRole('heading', { name: names['scoped member'], level: 1 })).toBeVisible()
  await expect(page).toHaveTitle(new RegExp(`Access · ${project.slug}`))
  const facts = page.getByRole('region', { name: 'Access' })
  await expect(facts).toContainText('Member')
  await expect(facts).toContainText('From a membership in this project')
  await expect(facts).toContainText('europe')

  const permission = (words: string) =>
    page.getByRole('region', { name: 'Permissions' }).getByRole('listitem').filter({ hasText: words })
  await expect(permission('Change data').getByText('allowed', { exact: true })).toBeAttached()
  const refused = page.getByRole('region', { name: 'Not allowed: Only an admin or owner of this project may do this' })
  await expect(refused.getByRole('listitem').filter({ hasText: 'Manage members' })).toContainText('not allowed')
  await expect(refused.getByText('Only an admin or owner')).toHaveCount(1)
  await expect(page.getByRole('region', { name: /^Not allowed: Only an owner/ }).getByRole('listitem')).toHaveText([
    /Add, change or remove owners/,
    /Protect the project/,
    /Purge nuked data/,
  ])

  await tryEntity(page, 'berlin')
  await expect(page.getByText('Visible', { exact: true })).toBeVisible()
  await expect(page.getByText('In one of the cells.')).toBeVisible()
  await tryEntity(page, 'tokyo')
  await expect(page.getByText('Not visible', { exact: true })).toBeVisible()
  await expect(page.getByText('Outside the cells.')).toBeVisible()
  await tryEntity(page, 'nowhere')
  await expect(page.getByText('In no cell.')).toBeVisible()
  await expectNoViolations(page)
  await page.reload()
  await expect(page.getByText('In no cell.')).toBeVisible()
})

test('leads from a member’s access to the panel that changes it', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.member(project.userId('scoped member')))
  await page.getByRole('link', { name: 'Change access' }).click()
  const panel = page.getByRole('dialog', { name: `Access of ${names['scoped member']}` })
  await expect(panel.getByRole('list', { name: 'Chosen cells' })).toContainText('europe')
  await panel.getByRole('link', { name: 'What they can do and see' }).click()
  await expect(page.getByRole('heading', { name: names['scoped member'], level: 1 })).toBeVisible()
})

test('shows that an organization admin has access through the organization', async ({ as, project }) => {
  const page = await as('organization admin')
  await page.goto(project.paths.member(project.userId('organization admin')))
  await expect(page.getByRole('region', { name: 'Access' })).toContainText(
    'its owners and admins have that role in every project',
  )
  await expect(page.getByText('you', { exact: true })).toBeVisible()
})

test('shows viewers their own access, and why they cannot read that of others', async ({ as, project }) => {
  const page = await as('viewer')
  await page.goto(project.paths.member(project.userId('viewer')))
  await expect(page.getByRole('region', { name: 'Access' })).toContainText('Viewer')
  await page.goto(project.paths.member(project.userId('owner')))
  await expect(page.getByText('Only people who manage members can see the access of others')).toBeVisible()
  await expectNoViolations(page)
})
