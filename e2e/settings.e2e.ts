import { expect, expectNoViolations, expectToast, row, rowAction, select, test } from './fixtures.ts'

test('lets an admin rename the project, and updates the frame', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.settings)
  await expect(page.getByRole('button', { name: 'Save changes' })).toBeDisabled()
  await page.getByLabel('Name', { exact: true }).fill('Atlas renamed')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'Breadcrumb' })).toContainText('Atlas renamed')
  await page.reload()
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Atlas renamed')
})

test('reports invalid JSON metadata in place, with the position of the mistake', async ({ as, api, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.settings)
  const metadata = page.getByLabel('Metadata')
  await metadata.fill('{\n  "team": \n}')
  await expect(metadata).toHaveAccessibleDescription(/Line 3, column 1: Expected a value, but found }/)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(metadata).toBeFocused()
  await expectNoViolations(page)
  await metadata.fill('["a list"]')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(metadata).toHaveAccessibleDescription(/object/)
  await metadata.fill('{ "team": "core" }')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  expect(await api.get(project.url)).toMatchObject({ metadata: { team: 'core' } })
})

test('links a repository and unlinks it again', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.settings)
  await page.getByRole('button', { name: 'Link a repository' }).click()
  const dialog = page.getByRole('dialog', { name: 'Link a repository' })
  await select(page, 'Provider', 'GitLab')
  await dialog.getByLabel('Repository').fill('no slash')
  await dialog.getByRole('button', { name: 'Link repository' }).click()
  await expect(dialog.getByLabel('Repository')).toHaveAccessibleDescription(/must have the form owner\/name/)
  await expectNoViolations(page)
  await dialog.getByLabel('Repository').fill('acme/atlas')
  await dialog.getByRole('button', { name: 'Link repository' }).click()
  await expectToast(page, 'acme/atlas is linked')
  await rowAction(page, /acme\/atlas/, 'Remove…')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove link' }).click()
  await expectToast(page, 'acme/atlas is no longer linked')
  await expect(row(page, /acme\/atlas/)).toBeHidden()
})

test('disables the danger zone of a protected project with its reason; only an owner can unprotect it', async ({
  as,
  project,
}) => {
  const page = await as('owner')
  await page.goto(project.paths.settings)
  const protect = page.getByRole('switch', { name: 'Protect from nuke and deletion' })
  await protect.click()
  const dialog = page.getByRole('dialog', { name: `Protect ${project.slug}?` })
  await dialog.getByLabel('Reason').fill('Customers run on it')
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Protect project' }).click()
  await expectToast(page, `${project.slug} is protected`)
  await expect(protect).toBeChecked()

  const admin = await as('admin')
  await admin.goto(project.paths.settings)
  for (const name of ['Nuke project…', 'Delete project…']) {
    await expect(admin.getByRole('button', { name })).toBeDisabled()
    await expect(admin.getByRole('button', { name })).toHaveAccessibleDescription(/The project is protected: Customers run on it/)
  }
  await expect(admin.getByRole('switch')).toHaveAccessibleDescription(/Only an owner of this project may protect this project/)
  await expectNoViolations(admin)

  await protect.click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Turn off protection' }).click()
  await expectToast(page, `${project.slug} is no longer protected`)
  await expect(page.getByRole('button', { name: 'Nuke project…' })).toBeEnabled()
})

test('shows a viewer the settings and why each cannot be changed', async ({ as, project }) => {
  const page = await as('viewer')
  await page.goto(project.paths.settings)
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(project.name)
  await expect(page.getByLabel('Name', { exact: true })).not.toBeEditable()
  for (const name of ['Save changes', 'Link a repository', 'Nuke project…', 'Delete project…']) {
    await expect(page.getByRole('button', { name })).toBeDisabled()
    await expect(page.getByRole('button', { name })).toHaveAccessibleDescription(/Only an admin or owner of this project may/)
  }
  await expectNoViolations(page)
})
