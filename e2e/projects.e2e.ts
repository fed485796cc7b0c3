import { expect, expectNoViolations, expectRow, expectToast, row, rowAction, select, test } from './fixtures.ts'
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

test('filters by role, protection and activity, and says how many projects there are', async ({ as, api, project }, {
  testId,
}) => {
  const mark = testId.slice(-8)
  for (const name of ['Fir', 'Elm']) await createProject(api, `${name} ${mark}`, `${name.toLowerCase()}-${mark}`)
  await api.put(`/orgs/${organization.slug}/projects/elm-${mark}/protection`, { protected: true })
  const page = await as('organization owner')
  await page.goto(`${home}?q=${mark}`)
  await expect(page.getByText('2 projects', { exact: true })).toBeVisible()
  await select(page, 'Protection: any', 'Not protected')
  const names = page.getByRole('table', { name: 'Projects' }).getByRole('rowheader')
  await expect(names).toHaveText([/Fir/])
  await expect(page.getByText('1 project', { exact: true })).toBeVisible()
  await expect(page).toHaveURL(/protected=no/)
  await select(page, 'Activity', 'No change for 90 days')
  await expect(page.getByText(/No project matches/)).toBeVisible()
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Show all' }).click()
  await expect(page).not.toHaveURL(/protected|activity/)
  const viewer = await as('viewer')
  await viewer.goto(`${home}?role=viewer&q=${project.slug}`)
  await expectRow(viewer, project.name)
  await viewer.goto(`${home}?role=owner`)
  await expect(viewer.getByText('No project matches')).toBeVisible()
})

test('sorts by every column, with an arrow that shows', async ({ as, api }, { testId }) => {
  const mark = testId.slice(-8)
  const [small, large] = [`oak-${mark}`, `ash-${mark}`]
  for (const slug of [small, large]) await createProject(api, slug, slug)
  await api.post(`/${organization.slug}/${large}/entity-types`, { name: 'site', states: ['live'], initialState: 'live' })
  const page = await as('organization owner')
  await page.goto(`${home}?q=${mark}`)
  const names = page.getByRole('table', { name: 'Projects' }).getByRole('rowheader')
  await expect(names).toHaveText([small, large])
  for (const title of ['Project', 'Slug', 'Your role', 'Members', 'Rows of data', 'Last change', 'Created']) {
    const header = page.getByRole('columnheader', { name: title })
    await header.getByRole('button').click()
    await expect(header).toHaveAttribute('aria-sort', 'ascending')
    await expect(header.locator('svg')).toHaveCSS('opacity', '1')
  }
  await page.goto(`${home}?q=${mark}&sort=-rows`)
  await expect(names).toHaveText([large, small])
})

test('keeps favorites and recent projects at hand, and drops one that was deleted', async ({ as, api, newcomer }, { testId }) => {
  const slug = `larch-${testId.slice(-8)}`
  await createProject(api, `Larch ${slug.slice(-8)}`, slug)
  const name = `Larch ${slug.slice(-8)}`
  const page = await as(await newcomer('admin'))
  await page.goto(`${home}?q=${slug}`)
  await expect(page.getByText('Star a project to keep it at hand here.')).toBeVisible()
  const star = page.getByRole('button', { name: `Favorite ${name}` })
  await star.click()
  await expect(star).toHaveAttribute('aria-pressed', 'true')
  const favorites = page.getByRole('navigation', { name: 'Favorites projects' })
  await favorites.getByRole('link', { name }).click()
  await expect(page).toHaveURL(paths.project(organization.slug, slug).overview)
  await page.goto(`${home}?favorite=yes`)
  await expectRow(page, name)
  await expectNoViolations(page)
  await star.click()
  await expect(favorites).toBeHidden()
  const recent = page.getByRole('navigation', { name: 'Recent projects' })
  await expect(recent.getByRole('link', { name })).toBeVisible()
  await api.delete(`/orgs/${organization.slug}/projects/${slug}`)
  await recent.getByRole('link', { name }).click()
  await expect(page.getByText(/project/i).first()).toBeVisible()
  await page.getByRole('link', { name: 'All projects' }).click()
  await expect(recent).toBeHidden()
})

test('clones the structure of a project into a new one, and says that a slug is taken', async ({ as, project }, { testId }) => {
  const page = await as('organization admin')
  await page.goto(`${home}?q=${project.slug}`)
  await rowAction(page, project.name, 'Clone structure…')
  const dialog = page.getByRole('dialog', { name: `Clone the structure of ${project.name}` })
  await expectNoViolations(page)
  await dialog.getByLabel('Name').fill('Twin')
  await dialog.getByLabel('Slug').fill(project.slug)
  await dialog.getByRole('button', { name: 'Clone structure' }).click()
  await expect(dialog.getByLabel('Slug')).toHaveAccessibleDescription(/is taken/)
  const slug = `twin-${testId.slice(-8)}`
  await dialog.getByLabel('Slug').fill(slug)
  await dialog.getByRole('button', { name: 'Clone structure' }).click()
  const twin = paths.project(organization.slug, slug)
  await expect(page).toHaveURL(twin.overview)
  await page.goto(`${twin.catalog}?tab=cells`)
  await expect(page.getByText('germany').first()).toBeVisible()
})

test('says why a viewer can’t clone a project', async ({ as, project }) => {
  const page = await as('viewer')
  await page.goto(`${home}?q=${project.slug}`)
  await row(page, project.name)
    .getByRole('button', { name: /^Actions for/ })
    .click()
  await expect(page.getByRole('menuitem', { name: 'Clone structure…' })).toContainText(
    'Only an owner or admin of the organization may create a project',
  )
})
