import { expect, expectNoViolations, expectRow, expectToast, row, test } from './fixtures.ts'
import { organization } from './people.ts'
import { createProject } from './sample-project.ts'
import { paths } from '#contract/paths'

const home = paths.projects(organization.slug)

test('lets an organization admin create a project whose slug follows its name', async ({ as }, { testId }) => {
  const page = await as('organization admin')
  const slug = `cafe-nord-sons-${testId.slice(-6)}`
  await page.goto(home)
  await page.getByRole('button', { name: 'Create project' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create project' })
  await dialog.getByLabel('Name').fill(`Café Nord & Sons ${testId.slice(-6)}`)
  await expect(dialog.getByLabel('Slug')).toHaveValue(slug)
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Create project' }).click()
  await expect(page).toHaveURL(paths.project(organization.slug, slug).overview)
  await expectToast(page, 'Created Café Nord')
  await expect(page).toHaveTitle(new RegExp(`Overview · ${slug}`))
})

test('suggests a slug in Latin letters', async ({ as }) => {
  const page = await as('organization owner')
  await page.goto(home)
  await page.getByRole('button', { name: 'Create project' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create project' })
  for (const [name, slug] of Object.entries({
    'Straße Łódź': 'strasse-lodz',
    Ærøskøbing: 'aeroskobing',
    Київ: 'kiyiv',
    東京: '',
  })) {
    await dialog.getByLabel('Name').fill(name)
    await expect(dialog.getByLabel('Slug')).toHaveValue(slug)
  }
})

test('keeps a slug that the user typed when the name changes', async ({ as }) => {
  const page = await as('organization owner')
  await page.goto(home)
  await page.getByRole('button', { name: 'Create project' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create project' })
  await dialog.getByLabel('Slug').fill('mine')
  await dialog.getByLabel('Name').fill('Another')
  await expect(dialog.getByLabel('Slug')).toHaveValue('mine')
})

test('reports a taken slug on its field and loses nothing that was typed', async ({ as, project }) => {
  const page = await as('organization owner')
  await page.goto(home)
  await page.getByRole('button', { name: 'Create project' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create project' })
  await dialog.getByLabel('Name').fill('Second Atlas')
  await dialog.getByLabel('Slug').fill(project.slug)
  await dialog.getByRole('button', { name: 'Create project' }).click()
  await expect(dialog.getByLabel('Slug')).toHaveAccessibleDescription(/is taken/)
  await expect(dialog.getByLabel('Slug')).toBeFocused()
  await expect(dialog.getByLabel('Name')).toHaveValue('Second Atlas')
  await expectNoViolations(page)
})

test('keeps search and sort in the URL across a reload', async ({ as, api }, { testId }) => {
  const mark = testId.slice(-8)
  for (const name of ['Birch', 'Cedar', 'Alder']) await createProject(api, `${name} ${mark}`, `${name.toLowerCase()}-${mark}`)
  const page = await as('organization owner')
  await page.goto(home)
  await page.getByRole('searchbox', { name: 'Find by name or slug' }).fill(mark)
  const names = page.getByRole('table', { name: 'Projects' }).getByRole('rowheader')
  await expect(names).toHaveText([/Birch/, /Cedar/, /Alder/])
  await page.getByRole('columnheader', { name: 'Project' }).getByRole('button').click()
  await expect(names).toHaveText([/Alder/, /Birch/, /Cedar/])
  await page.getByRole('columnheader', { name: 'Project' }).getByRole('button').click()
  await expect(names).toHaveText([/Cedar/, /Birch/, /Alder/])
  await expect(page).toHaveURL(new RegExp(`q=${mark}&sort=-name`))
  await page.reload()
  await expect(page.getByRole('searchbox')).toHaveValue(mark)
  await expect(page.getByRole('columnheader', { name: 'Project' })).toHaveAttribute('aria-sort', 'descending')
  await expect(names).toHaveText([/Cedar/, /Birch/, /Alder/])
  await page.getByRole('searchbox').fill('no such thing')
  await expect(page.getByText('No project matches “no such thing”')).toBeVisible()
  await expectNoViolations(page)
})

test('shows in each row what is in the project and the user’s role there', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(`${home}?q=${project.slug}`)
  await expectRow(page, project.name, { Slug: project.slug, 'Your role': /admin/i, Members: '6', 'Rows of data': /\d+/ })
  await row(page, project.name).getByRole('link', { name: project.name }).click()
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible()
})

test('shows an organization viewer only their projects, and why they cannot create one', async ({ as, api, project }, {
  testId,
}) => {
  const other = await createProject(api, `Zeder ${testId.slice(-6)}`, `zeder-${testId.slice(-6)}`)
  const page = await as('viewer')
  await page.goto(`${home}?q=${project.slug}`)
  await expectRow(page, project.name, { 'Your role': /viewer/i })
  await page.getByRole('searchbox').fill(other.slug)
  await expect(page.getByText(/No project matches/)).toBeVisible()
  const create = page.getByRole('button', { name: 'Create project' })
  await expect(create).toBeDisabled()
  await expect(create).toHaveAccessibleDescription('Only an owner or admin of the organization may create a project')
})

test('tells a person without projects what to wait for', async ({ as }) => {
  const page = await as('outsider')
  await page.goto(home)
  await expect(page.getByText('No projects yet')).toBeVisible()
  await expect(page.getByText('You see a project here once someone adds you to it.')).toBeVisible()
  await expectNoViolations(page)
})
