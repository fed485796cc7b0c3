import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createOrganization } from '#domain/organizations/organizations'
import { paths } from '#contract/paths'
import { expect, expectNoViolations, expectRow, expectToast, row, rowAction, select, test } from './fixtures.ts'
import { names, organization } from './people.ts'

const DAY = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString()

test(
  'tells a member whose access ends soon, with whom to ask, and tells members who manage access',
  { tag: '@nightly' },
  async ({ as, api, project }) => {
    const { url, userId } = project
    await api.patch(`${url}/members/${userId('viewer')}`, { expiresAt: inDays(2.02) })
    await api.patch(`${url}/members/${userId('member')}`, { expiresAt: inDays(20) })
    await api.post(`${project.api}/tokens`, { name: 'ci', expiresAt: inDays(5) })
    const viewer = await as('viewer')
    await viewer.goto(project.paths.data)
    const reminder = viewer.getByRole('region', { name: 'Your access ends soon' })
    await expect(reminder).toContainText(
      /^Your access to Atlas \w+ ends on \d+ \w+, in 2 days\. To keep it, ask one of the owners to extend it: /,
    )
    await expect(reminder).toContainText(names.owner)
    await expectNoViolations(viewer)
    await viewer.goto(project.paths.members)
    await expect(reminder).toBeVisible()
    await expect(viewer.getByRole('region', { name: 'Ending soon' })).toBeHidden()

    const member = await as('member')
    await member.goto(project.paths.overview)
    await expect(member.getByText(/ends in \d+ days/)).toBeVisible()
    await expect(member.getByRole('region', { name: 'Your access ends soon' })).toBeHidden()

    const admin = await as('admin')
    await admin.goto(project.paths.tokens)
    const soon = admin.getByRole('region', { name: 'Ending soon' })
    await expect(soon).toContainText('1 member and 1 token expire within seven days.')
    await admin.goto(project.paths.members)
    await expectNoViolations(admin)
    await soon.getByRole('link', { name: 'Review them' }).click()
    await expect(admin.getByRole('heading', { name: 'Access review', level: 1 })).toBeVisible()
    await expectRow(admin, names.viewer, { Flags: 'Expiring', Expires: 'in 2 days' })
    await expectRow(admin, 'ci', { Flags: /Never used · Any IP address|Expiring/ })
    await expect(row(admin, names.member)).toBeHidden()
  },
)

test(
  'filters expiring access, extends several at once, and removes them from the filter',
  { tag: '@nightly' },
  async ({ as, api, project }) => {
    const { url, userId } = project
    for (const who of ['viewer', 'member'] as const) await api.patch(`${url}/members/${userId(who)}`, { expiresAt: inDays(3) })
    await api.post(`${project.api}/tokens`, { name: 'ci', expiresAt: inDays(3) })
    const page = await as('organization admin')
    const review = paths.organization(organization.slug).allAccess
    await page.goto(`${review}?project=${project.slug}`)
    await expect(row(page, names.owner)).toBeVisible()
    await select(page, 'Flags', 'Expiring')
    await expect(row(page, names.owner)).toBeHidden()
    for (const name of [names.viewer, names.member, 'ci'])
      await expectRow(page, name, { Project: project.name, Expires: /in [23] days/ })
    await page.reload()
    await expect(page.getByRole('combobox', { name: 'Flags' })).toHaveText(/Expiring/)
    await page.getByRole('checkbox', { name: 'Select all on this page' }).click()
    await expect(page.getByRole('region', { name: '3 entries selected' })).toBeVisible()
    await page.getByRole('button', { name: 'Change access…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Change the access of 3 entries' })
    await expect(dialog.getByRole('button', { name: 'Change access' })).toBeDisabled()
    await select(page, 'New expiry', 'In 90 days')
    await expectNoViolations(page)
    await dialog.getByRole('button', { name: 'Change access' }).click()
    await expect(dialog.getByText('3 changed', { exact: true })).toBeVisible()
    await dialog.getByRole('button', { name: 'Close' }).first().click()
    await expect(page.getByText('No access matches')).toBeVisible()
    await page.goto(`${review}?project=${project.slug}&kind=membership`)
    await expectRow(page, names.viewer, { Expires: /in (89|90) days|in [23] months/ })
  },
)

test('removes a member and a token, but not an organization role or the user’s own access', async ({
  as,
  api,
  project,
  request,
}) => {
  const { token } = await api.post<{ token: string }>(`${project.api}/tokens`, { name: 'ci' })
  const page = await as('owner')
  await page.goto(project.paths.accessReview)
  for (const name of [names.viewer, 'ci', names.owner, names['organization admin']])
    await row(page, name).getByRole('checkbox').first().click()
  await page.getByRole('button', { name: 'Remove…' }).click()
  const dialog = page.getByRole('dialog', { name: 'End the access of 4 entries?' })
  await expect(dialog.getByText('This is you. To leave the project,')).toBeVisible()
  await expect(dialog.getByText('Change a role in the organization under People')).toBeVisible()
  await dialog.getByRole('button', { name: 'Remove access' }).click()
  await expect(dialog.getByText('2 removed', { exact: true })).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).first().click()
  await expect(row(page, 'ci')).toBeHidden()
  await expect(row(page, names.viewer)).toBeHidden()
  await expect(row(page, names.owner)).toBeVisible()
  expect((await request.get(`${project.api}/stats`, { headers: { authorization: `Bearer ${token}` } })).status()).toBe(401)
})

test('explains the review, sorts it, and downloads it as filtered', { tag: '@nightly' }, async ({ as, api, project }) => {
  await api.post(`${project.api}/tokens`, { name: '=1+1' })
  const page = await as('owner')
  await page.goto(project.paths.accessReview)
  await page.getByText('What the flags mean').click()
  await expect(page.getByText(/it can’t tell what somebody read/)).toBeVisible()
  await page.getByRole('button', { name: 'Expires' }).click()
  await expect(page).toHaveURL(/sort=expires/)
  await select(page, 'Kind', 'project tokens')
  await expectRow(page, '=1+1', { Flags: 'Never used · No expiry · Any IP address' })
  await expect(row(page, names.viewer)).toBeHidden()
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'CSV' }).click()])
  expect(download.suggestedFilename()).toBe(`${project.slug}-access-review.csv`)
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatch(/^project-token,atlas-\w+,'=1\+1,,member,/)
})

test('shows a member who does not manage access who can review it', async ({ as }) => {
  const page = await as('viewer')
  await page.goto(paths.organization(organization.slug).accessReview)
  await expect(page.getByText('Only people who manage access can review it')).toBeVisible()
  await expect(page.getByRole('table')).toBeHidden()
})

test(
  'shortens existing tokens and limits new ones by a maximum lifetime',
  { tag: '@nightly' },
  async ({ as, newcomer, database }) => {
    const id = randomBytes(4).toString('hex')
    const person = await newcomer()
    // Its own organization, because the rule holds for every token in it.
    await createOrganization(database, { slug: `org-${id}`, name: `Org ${id}`, owner: person })
    const to = paths.organization(`org-${id}`)
    const page = await as(person)
    await page.goto(to.personalTokens)
    const create = async (name: string) => {
      await page.getByRole('button', { name: 'Create personal token' }).first().click()
      const dialog = page.getByRole('dialog', { name: 'Create personal token' })
      await dialog.getByLabel('Name').fill(name)
      return dialog
    }
    const made = async (dialog: Awaited<ReturnType<typeof create>>) => {
      await dialog.getByRole('button', { name: 'Create personal token' }).click()
      await page.getByRole('button', { name: 'Done' }).click()
    }
    await made(await create('endless'))
    await expectRow(page, 'endless', { Expires: 'Never' })

    await page.goto(to.general)
    await page.getByLabel('Maximum lifetime in days').fill('soon')
    await page.getByRole('button', { name: 'Save token rule' }).click()
    await expect(page.getByLabel('Maximum lifetime in days')).toHaveAccessibleDescription(/must be a whole number of days/)
    await page.getByLabel('Maximum lifetime in days').fill('30')
    await page.getByRole('checkbox', { name: 'Also shorten 1 existing token' }).click()
    await expectNoViolations(page)
    await page.getByRole('button', { name: 'Save token rule' }).click()
    await expect(page.getByText('Saved', { exact: true })).toBeVisible()

    await page.goto(to.personalTokens)
    await expectRow(page, 'endless', { Expires: /in (29|30) days/ })
    const dialog = await create('laptop')
    await expect(dialog.getByText('At most 30 days after its creation, as set by your organization.')).toBeVisible()
    await expect(dialog.getByRole('button', { name: 'Never' })).toBeHidden()
    await dialog.getByLabel(/^Expires/).fill('2099-01-01T00:00')
    await dialog.getByRole('button', { name: 'Create personal token' }).click()
    await expect(
      dialog.getByText(/^Tokens of this organization can live for at most 30 days. Choose an expiry no later than/),
    ).toBeVisible()
    await dialog.getByRole('button', { name: 'Latest' }).click()
    await made(dialog)
    await expectRow(page, 'laptop', { Expires: /in (29|30) days/ })
  },
)

test('renames a token, sets its expiry and binds it to addresses', async ({ as, api, project, request }) => {
  const { token } = await api.post<{ token: string }>(`${project.api}/tokens`, { name: 'ci' })
  const page = await as('admin')
  await page.goto(project.paths.tokens)
  await rowAction(page, 'ci', 'Edit…')
  const dialog = page.getByRole('dialog', { name: 'Edit ci' })
  await expect(dialog.getByRole('button', { name: 'Save token' })).toBeDisabled()
  await dialog.getByLabel('Name').fill('deploy')
  await dialog.getByRole('button', { name: '30 days' }).click()
  await dialog.getByLabel('Allowed IP addresses').fill('10.0.0.0/33')
  await dialog.getByRole('button', { name: 'Save token' }).click()
  await expect(dialog.getByText(/^10\.0\.0\.0\/33 must be an IP address or network/)).toBeVisible()
  await dialog.getByLabel('Allowed IP addresses').fill('203.0.113.0/24')
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Save token' }).click()
  await expectToast(page, 'The token deploy was changed')
  await expectRow(page, 'deploy', { Name: /only from 203\.0\.113\.0\/24/, Expires: /in (29|30) days/ })
  expect((await request.get(`${project.api}/stats`, { headers: { authorization: `Bearer ${token}` } })).status()).toBe(401)
})
