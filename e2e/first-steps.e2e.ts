import { randomBytes } from 'node:crypto'
import { paths } from '#contract/paths'
import { createOrganization } from '#domain/organizations/organizations'
import { expect, expectNoViolations, test } from './fixtures.ts'

test('shows a new organization its first steps, marks what is done, and can be dismissed', async ({ as, database, newcomer }) => {
  const slug = `steps-${randomBytes(4).toString('hex')}`
  const owner = await newcomer()
  await createOrganization(database, { slug, name: 'Steps', owner })
  const page = await as(owner)
  await page.goto(paths.projects(slug))
  const steps = page.getByRole('region', { name: 'First steps' })
  await expect(steps.getByRole('listitem')).toHaveText([
    /Create the sample project/,
    /Invite somebody/,
    /Limit somebody to a cell/,
    /View the project as them/,
    /Nuke the project, and undo it/,
  ])
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Create sample project' }).click()
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible()
  await page.goto(paths.projects(slug))
  await expect(steps.getByRole('listitem').first()).toContainText(': done')
  await steps.getByRole('link', { name: 'People' }).click()
  await expect(page.getByRole('heading', { name: 'People', level: 1 })).toBeVisible()
  await page.goto(paths.projects(slug))
  await steps.getByRole('button', { name: 'Dismiss the first steps' }).click()
  await expect(steps).toBeHidden()
  await page.reload()
  await expect(page.getByRole('row', { name: /Sample/ })).toBeVisible()
  await expect(steps).toBeHidden()
})

test('offers the sample in the dialog that creates a project', async ({ as, database, newcomer }) => {
  const slug = `steps-${randomBytes(4).toString('hex')}`
  const owner = await newcomer()
  await createOrganization(database, { slug, name: 'Steps', owner })
  const page = await as(owner)
  await page.goto(paths.projects(slug))
  await page.getByRole('button', { name: 'Create project' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Create project' })
  await dialog.getByRole('button', { name: 'Create sample project' }).click()
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible()
  await expect(page.getByRole('dialog')).toBeHidden()
})

test('explains a cell beside the word, and gives the focus back', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.overview)
  const question = page.getByRole('button', { name: 'What is “Cell”?' })
  await question.click()
  const card = page.getByRole('dialog', { name: 'Cell' })
  await expect(card).toContainText('A cell groups entities of one type')
  await expectNoViolations(page)
  await page.keyboard.press('Escape')
  await expect(card).toBeHidden()
  await expect(question).toBeFocused()
})
