import { readFile } from 'node:fs/promises'
import { expect, expectNoViolations, test } from './fixtures.ts'
import { paths } from '#contract/paths'
import { emailOf } from './people.ts'
import { createProject } from './sample-project.ts'

test('shows an action in the audit log, with the difference that it made', async ({ as, api, project }) => {
  await api.patch(`${project.url}/members/${project.userId('member')}`, { role: 'viewer' })
  await api.delete(`${project.api}/nuke`)
  const page = await as('owner')
  await page.goto(project.paths.audit)
  await expect(page.getByRole('row', { name: /project\.nuked/ })).toContainText(project.slug)
  await expect(page.getByRole('row', { name: /project\.nuked/ })).toContainText(emailOf('organization owner'))
  await page.getByRole('button', { name: /^member\.updated/ }).click()
  const panel = page.getByRole('dialog', { name: 'member.updated' })
  await expect(panel.getByLabel('Difference')).toContainText('viewer')
  await expect(panel.getByText('Request id')).toBeVisible()
  await expectNoViolations(page)
  await page.reload()
  await expect(panel.getByLabel('Difference')).toContainText('viewer')
  await panel.getByRole('button', { name: 'Close' }).click()
  await expect(panel).toBeHidden()
})

test('shows how far the log is sealed, and the number of each event', { tag: '@nightly' }, async ({ as, api, project }) => {
  await api.post(`${project.api}/environments`, { name: 'sealed' })
  const page = await as('admin')
  await page.goto(project.paths.audit)
  const seal = page.getByRole('region', { name: 'Seal' })
  // The job runs every few seconds, and the screen polls while something waits.
  await expect(seal).toHaveText(/^Sealed up to event #[\d,]+ of the organization, [^.]+?[0-9a-f]{16}…$/, { timeout: 20_000 })
  await expect(seal.getByRole('button', { name: 'Copy checkpoint' })).toBeVisible()
  await page.reload()
  await page.getByRole('button', { name: /^environment\.created.*sealed/ }).click()
  await expect(page.getByRole('dialog', { name: 'environment.created' }).getByText(/^#[\d,]+$/)).toBeVisible()
  await expectNoViolations(page)
})

test('filters the log by action and actor, in the URL', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.audit)
  await page.getByRole('combobox', { name: 'Action' }).fill('environment.created')
  await page.getByRole('option', { name: 'environment.created' }).click()
  const rows = page.getByRole('table', { name: 'Audit events' }).getByRole('row')
  await expect(rows).toHaveText([/^Time/, /environment\.created/])
  await expect(page).toHaveURL(/action=environment.created/)
  await page.reload()
  await expect(rows).toHaveText([/^Time/, /environment\.created/])
  await page.getByRole('combobox', { name: 'Actor' }).fill(emailOf('viewer'))
  await page.getByRole('option', { name: emailOf('viewer') }).click()
  await expect(page.getByText('No events match')).toBeVisible()
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(page).toHaveURL(project.paths.audit)
})

test('tells a member who can read the log', async ({ as, project }) => {
  const page = await as('member')
  await page.goto(project.paths.audit)
  await expect(page.getByText('You can’t read the audit log')).toBeVisible()
  await expect(page.getByText(/may read the audit log/)).toBeVisible()
  await expectNoViolations(page)
})

test('filters the log by target, time and request, and exports the rest', async ({ as, api, project }) => {
  await api.post(`${project.api}/environments`, { name: 'filtered' })
  const page = await as('owner')
  await page.goto(project.paths.audit)
  await page.getByRole('searchbox', { name: 'Target name or id' }).fill('filtered')
  const rows = page.getByRole('table', { name: 'Audit events' }).getByRole('row')
  await expect(rows).toHaveText([/^Time/, /environment\.created/])
  await page.getByRole('combobox', { name: 'When' }).click()
  await page.getByRole('option', { name: 'last hour' }).click()
  await expect(page).toHaveURL(/since=hour/)
  await expect(rows).toHaveText([/^Time/, /environment\.created/])
  await page.getByRole('button', { name: /^environment\.created/ }).click()
  await page.getByRole('button', { name: 'Only this request' }).click()
  await expect(page).toHaveURL(/requestId=/)
  await expect(rows).toHaveText([/^Time/, /environment\.created/])
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'CSV' }).click()])
  expect(download.suggestedFilename()).toBe(`${project.slug}-audit.csv`)
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain('environment.created')
})

test('shows an owner of the organization the events of all projects, deleted ones included, and filters them', async ({
  as,
  api,
  project,
}) => {
  const slug = `gone-${project.slug}`
  await createProject(api, 'Gone', slug)
  await api.delete(`/orgs/${project.org}/projects/${slug}`)
  const page = await as('organization owner')
  await page.goto(paths.organization(project.org).audit)
  const deleted = page.getByRole('row', { name: /project\.deleted/ }).filter({ hasText: slug })
  await expect(deleted).toContainText('Deleted')
  await expectNoViolations(page)
  await page.getByRole('combobox', { name: 'Project', exact: true }).fill(project.slug)
  await page.getByRole('option', { name: project.slug }).first().click()
  await expect(page).toHaveURL(new RegExp(`project=${project.slug}`))
  await expect(deleted).toHaveCount(0)
  const rows = page.getByRole('table', { name: 'Audit events' }).getByRole('row')
  await expect(rows.nth(1)).toContainText(project.slug)
  await page
    .getByRole('button', { name: /^entity\.created/ })
    .first()
    .click()
  await expect(page.getByRole('dialog', { name: 'entity.created' }).getByLabel('Difference')).toBeVisible()
})

test('tells a member of the organization who can read its log', async ({ as, project }) => {
  const page = await as('member')
  await page.goto(paths.organization(project.org).audit)
  await expect(page.getByText('You can’t read the audit log')).toBeVisible()
  await expectNoViolations(page)
})
