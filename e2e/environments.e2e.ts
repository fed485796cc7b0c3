import { expect, expectNoViolations, expectRow, expectToast, row, rowAction, test } from './fixtures.ts'
import { counts } from './sample-project.ts'

test('lets an admin create an environment and delete it again', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.environments)
  await expectRow(page, /^production/, { Entities: String(counts.production) })
  await page.getByRole('button', { name: 'Create environment' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create environment' })
  await dialog.getByLabel('Name').fill('Not A Name')
  await dialog.getByRole('button', { name: 'Create environment' }).click()
  await expect(dialog.getByLabel('Name')).toHaveAccessibleDescription(/must not begin or end with a hyphen/)
  await expectNoViolations(page)
  await dialog.getByLabel('Name').fill('production')
  await dialog.getByRole('button', { name: 'Create environment' }).click()
  await expect(dialog.getByText(/already an environment named production/)).toBeVisible()
  await dialog.getByLabel('Name').fill('staging')
  await dialog.getByRole('button', { name: 'Create environment' }).click()
  await expectToast(page, 'The environment staging was created')
  await expectRow(page, /^staging/, { Entities: '0' })

  await rowAction(page, /^staging/, 'Delete environment…')
  const confirm = page.getByRole('alertdialog', { name: 'Delete the environment staging?' })
  await expectNoViolations(page)
  await confirm.getByRole('button', { name: 'Delete environment' }).click()
  await expectToast(page, 'The environment staging was deleted')
  await expect(row(page, /^staging/)).toBeHidden()
})

test('explains why an environment cannot be deleted', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.environments)
  const reasons = {
    default: 'The default environment can’t be deleted',
    production: `It still contains ${counts.production} entities`,
  }
  for (const [name, reason] of Object.entries(reasons)) {
    await row(page, new RegExp(`^${name}`))
      .getByRole('button', { name: /^Actions/ })
      .click()
    const item = page.getByRole('menuitem', { name: 'Delete environment…' })
    await expect(item).toBeDisabled()
    await expect(item).toContainText(reason)
    await page.keyboard.press('Escape')
  }
})

test('refuses to delete an environment that a member is limited to, and says so', async ({ as, api, project }) => {
  await api.post(`${project.api}/environments`, { name: 'staging' })
  await api.patch(`${project.url}/members/${project.userId('member')}`, { envName: 'staging' })
  const page = await as('owner')
  await page.goto(project.paths.environments)
  await rowAction(page, /^staging/, 'Delete environment…')
  const confirm = page.getByRole('alertdialog')
  await confirm.getByRole('button', { name: 'Delete environment' }).click()
  await expect(confirm.getByRole('alert')).toContainText('staging still has')
  await expectNoViolations(page)
})

test('shows a viewer the list and why they cannot change it', async ({ as, project }) => {
  const page = await as('viewer')
  await page.goto(project.paths.environments)
  await expectRow(page, /^default/, { Entities: String(counts.default) })
  await expect(page.getByRole('button', { name: 'Create environment' })).toHaveAccessibleDescription(/may change the catalog/)
})
