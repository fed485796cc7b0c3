import { paths } from '#contract/paths'
import { expect, expectNoViolations, test } from './fixtures.ts'
import { names, organization } from './people.ts'

test('links the screens of a project and marks the current one in the navigation', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.overview)
  const navigation = page.getByRole('navigation', { name: project.name })
  for (const screen of ['Members', 'Tokens', 'Environments', 'Audit log', 'Settings', 'Overview']) {
    // The organization's screens, some of the same names, come after those of the project.
    const link = navigation.getByRole('link', { name: screen, exact: true }).first()
    await link.click()
    await expect(page.getByRole('heading', { name: screen, level: 1 })).toBeVisible()
    await expect(link).toHaveAttribute('aria-current', 'page')
  }
})

test('goes to another project through the switcher', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(paths.projects(organization.slug))
  await page
    .getByRole('combobox', { name: /^Project:/ })
    .or(page.getByRole('button', { name: /^Project:/ }))
    .click()
  await page.getByRole('combobox', { name: 'Find project' }).fill(project.slug)
  await expectNoViolations(page)
  await page.getByRole('option', { name: project.name }).click()
  await expect(page).toHaveURL(project.paths.overview)
})

test('keeps the chosen theme', async ({ as }) => {
  const page = await as('viewer')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(paths.projects(organization.slug))
  const ink = () => page.evaluate(() => getComputedStyle(document.body).color)
  const light = await ink()
  await page.getByRole('button', { name: 'Theme' }).click()
  await page.getByRole('menuitem', { name: 'Dark' }).click()
  await expect.poll(ink).not.toBe(light)
  const dark = await ink()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
  expect(await ink()).toBe(dark)
})

test('says when an organization, a project or a page does not exist', { tag: '@nightly' }, async ({ as, project }) => {
  const page = await as('outsider')
  await page.goto(paths.projects('no-such-organization'))
  await expect(page.getByText('No such organization')).toBeVisible()
  await expectNoViolations(page)
  // A project that this person must not know of looks like one that does not exist.
  for (const path of [project.paths.settings, paths.project(organization.slug, 'no-such-project').settings]) {
    await page.goto(path)
    await expect(page.getByText('No such project')).toBeVisible()
  }
  await expectNoViolations(page)
  await page.goto(`${project.paths.overview}/no/such/page`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/not found|nothing|no such/i)
  await expectNoViolations(page)
})

test('reports an ended session while the user types, and loses nothing they typed', async ({
  as,
  api,
  project,
  newcomer,
  database,
}) => {
  const person = await newcomer()
  await api.post(`${project.url}/members`, { userId: person.id, role: 'admin' })
  const page = await as(person)
  await page.goto(project.paths.settings)
  await page.getByLabel('Name', { exact: true }).fill('A name of some thought')
  await database.deleteFrom('sessions').where('user_id', '=', person.id).execute()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'session has ended' }).first()).toBeVisible()
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('A name of some thought')
  await expectNoViolations(page)
  await page.goto(project.paths.members)
  await expect(page).toHaveURL(paths.login(project.paths.members))
})

test('reports a dropped connection, and saves what was typed once it is back', async ({ as, api, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.settings)
  await page.getByLabel('Name', { exact: true }).fill('')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Enter a name.')).toBeVisible()
  await page.getByLabel('Name', { exact: true }).fill('Atlas on the train')
  await page.context().setOffline(true)
  await expect(page.getByText('No connection.')).toBeVisible()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'The server didn’t answer' })).toBeVisible()
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Atlas on the train')
  await expectNoViolations(page)
  await page.context().setOffline(false)
  await expect(page.getByText('No connection.')).toBeHidden()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  expect(await api.get(project.url)).toMatchObject({ name: 'Atlas on the train' })
})

test('names the signed-in user in the account menu', async ({ as }) => {
  const page = await as('viewer')
  await page.goto(paths.console)
  await expect(page).toHaveURL(paths.projects(organization.slug))
  await page.getByRole('button', { name: `Account of ${names.viewer}` }).click()
  await expectNoViolations(page)
  await page.getByRole('menuitem', { name: 'Personal tokens' }).click()
  await expect(page.getByRole('heading', { name: 'Personal tokens', level: 1 })).toBeVisible()
})

test('groups the screens by project, organization and account', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.overview)
  const navigation = page.getByRole('navigation', { name: project.name })
  await expect(navigation).toContainText(/Project[^]*Overview[^]*Organization[^]*Projects[^]*Settings[^]*Account[^]*Sign-in/)
  await navigation.getByRole('link', { name: 'Sessions' }).click()
  await expect(page.getByRole('heading', { name: 'Sessions', level: 1 })).toBeVisible()
})

test('shows the name, the role and the state of a token together at 360 px', async ({ as, api, project }) => {
  const expiresAt = new Date(Date.now() + 9 * 86_400_000).toISOString()
  await api.post(`${project.api}/tokens`, { name: 'nightly', role: 'viewer', expiresAt })
  const page = await as('owner')
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto(project.paths.tokens)
  const row = page.getByRole('row').filter({ hasText: 'nightly' })
  for (const part of [
    row.getByRole('rowheader', { name: 'nightly' }),
    row.getByText('Viewer', { exact: true }),
    row.getByText('Expiring', { exact: true }),
    row.getByRole('button', { name: 'Actions for nightly' }),
  ])
    await expect(part).toBeInViewport({ ratio: 1 })
  await expectNoViolations(page)
})

test('uses the width of a wide screen', async ({ as, project }) => {
  const page = await as('owner')
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.goto(project.paths.members)
  const { width } = (await page.getByRole('table', { name: 'Members' }).boundingBox())!
  expect(width).toBeGreaterThan(1400)
})
