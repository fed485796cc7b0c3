import { paths } from '#contract/paths'
import { expect, expectNoViolations, expectRow, expectToast, row, rowAction, test } from './fixtures.ts'
import { organization } from './people.ts'
import { counts } from './sample-project.ts'

const { deletedProjects } = paths.organization(organization.slug)

test('deletes a project after an owner types its slug, and lets an organization admin restore it', async ({
  as,
  api,
  project,
}) => {
  const [page, admin] = [await as('owner'), await as('organization admin')]
  await page.goto(project.paths.settings)
  await page.getByRole('button', { name: 'Delete project…' }).click()
  const dialog = page.getByRole('alertdialog', { name: `Delete ${project.slug}?` })
  await expect(dialog.getByText(/^It contains \d+ rows of data/)).toBeVisible()
  const button = dialog.getByRole('button', { name: 'Delete project' })
  await dialog.getByLabel(`Type ${project.slug} to confirm`).fill(project.slug.slice(1))
  await expect(button).toBeDisabled()
  await expectNoViolations(page)
  await dialog.getByLabel(`Type ${project.slug} to confirm`).fill(project.slug)
  await button.click()
  await expect(page).toHaveURL(paths.projects(organization.slug))
  await expectToast(page, `${project.slug} was deleted`)
  await expect(row(page, project.name)).toBeHidden()
  await page.goto(project.paths.overview)
  await expect(page.getByText('There is no project at this address')).toBeVisible()

  await admin.goto(deletedProjects)
  await expectRow(admin, project.name, { Slug: project.slug })
  await rowAction(admin, project.name, 'Restore…')
  await expectNoViolations(admin)
  await admin
    .getByRole('alertdialog', { name: `Restore ${project.name}?` })
    .getByRole('button', { name: 'Restore project' })
    .click()
  await expectToast(admin, `Restored ${project.name}`)
  await expect(row(admin, project.name)).toBeHidden()
  await page.reload()
  await expect(page.getByText(`${counts.entities} entities`)).toBeVisible()
  expect(await api.get<unknown[]>(`${project.api}/envs/default/entities`)).toHaveLength(counts.default)
})

test('tells a member who can restore projects', async ({ as }) => {
  const page = await as('member')
  await page.goto(deletedProjects)
  await expect(page.getByText('Only people who can restore projects can see deleted ones')).toBeVisible()
  await expectNoViolations(page)
})

test('keeps the reason of a deletion and of a restore', { tag: '@nightly' }, async ({ as, api, project }) => {
  const [page, admin] = [await as('owner'), await as('organization admin')]
  await page.goto(project.paths.settings)
  await page.getByRole('button', { name: 'Delete project…' }).click()
  const dialog = page.getByRole('alertdialog', { name: `Delete ${project.slug}?` })
  await dialog.getByLabel('Reason').fill('Moved to another organization')
  await dialog.getByLabel(`Type ${project.slug} to confirm`).fill(project.slug)
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Delete project' }).click()
  await expectToast(page, `${project.slug} was deleted`)

  await admin.goto(deletedProjects)
  await expect(row(admin, project.name).getByText('Moved to another organization')).toBeVisible()
  await rowAction(admin, project.name, 'Restore…')
  const restore = admin.getByRole('alertdialog', { name: `Restore ${project.name}?` })
  await restore.getByLabel('Reason').fill('Not moved after all')
  await expectNoViolations(admin)
  await restore.getByRole('button', { name: 'Restore project' }).click()
  await expectToast(admin, `Restored ${project.name}`)
  const [restored] = await api.get<{ after: { reason: string } }[]>(`${project.api}/audit-events?action=project.restored`)
  expect(restored!.after.reason).toBe('Not moved after all')
})

test('purges a deleted project after an organization owner types its slug, which is free at once', async ({
  as,
  api,
  project,
}) => {
  await api.delete(project.url)
  const [owner, admin] = [await as('organization owner'), await as('organization admin')]
  await admin.goto(deletedProjects)
  await row(admin, project.name)
    .getByRole('button', { name: /^Actions for/ })
    .click()
  await expect(admin.getByRole('menuitem', { name: /Purge…/ })).toBeDisabled()

  await owner.goto(deletedProjects)
  await rowAction(owner, project.name, 'Purge…')
  const dialog = owner.getByRole('alertdialog', { name: `Purge ${project.name}?` })
  const button = dialog.getByRole('button', { name: 'Purge project' })
  await dialog.getByLabel(`Type ${project.slug} to confirm`).fill(project.slug.slice(1))
  await expect(button).toBeDisabled()
  await expectNoViolations(owner)
  await dialog.getByLabel(`Type ${project.slug} to confirm`).fill(project.slug)
  await button.click()
  await expectToast(owner, `Purged ${project.name}`)
  await expect(row(owner, project.name)).toBeHidden()
  const again = await api.post<{ slug: string }>(`/orgs/${organization.slug}/projects`, { name: 'Again', slug: project.slug })
  expect(again.slug).toBe(project.slug)
})
