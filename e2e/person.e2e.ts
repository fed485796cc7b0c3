import { paths } from '#contract/paths'
import { apiWith, createPersonalToken } from './api.ts'
import { expect, expectNoViolations, expectRow, expectToast, row, test } from './fixtures.ts'
import { names, organization } from './people.ts'

const to = paths.organization(organization.slug)

test('shows everything that a person has, and from where', async ({ as, api, project, newcomer }) => {
  const maker = await newcomer()
  await api.post(`${project.url}/members`, { userId: maker.id, role: 'admin' })
  const theirs = (await as(maker)).context().request
  await apiWith(theirs, await createPersonalToken(theirs, project.org)).post(`${project.api}/tokens`, { name: 'nightly' })
  const page = await as('organization admin')
  await page.goto(`${to.people}?q=${maker.email}`)
  await row(page, maker.name).getByRole('link', { name: maker.name }).click()
  await expect(page).toHaveURL(to.person(maker.id))
  await expect(page.getByRole('heading', { level: 1, name: maker.name })).toBeVisible()
  await expectRow(page, project.name, { Role: 'Admin', Environment: 'All', Cells: 'All cells', Expires: 'Never' })
  await expect(page.getByRole('region', { name: 'Personal tokens' }).getByRole('rowheader')).toHaveCount(1)
  await expect(page.getByRole('list', { name: 'Created by them' }).getByRole('link', { name: 'nightly' })).toBeVisible()
  await expectNoViolations(page)
  await page.getByRole('link', { name: project.name }).click()
  await expect(page).toHaveURL(project.paths.member(maker.id))
})

test('shows the environment, the cells and the end of each membership', async ({ as, api, project, newcomer }) => {
  const { id } = await newcomer()
  const expiresAt = '2099-01-31T00:00:00Z'
  await api.post(`${project.url}/members`, { userId: id, role: 'viewer', cellScopes: ['europe'], expiresAt })
  const page = await as('organization owner')
  await page.goto(to.person(id))
  await expectRow(page, project.name, { Cells: 'europe', Expires: /in 7\d years/ })
})

test('ends everything at once after counting it, with a reason', async ({ as, api, project, newcomer }) => {
  const maker = await newcomer()
  await api.post(`${project.url}/members`, { userId: maker.id, role: 'admin' })
  const theirs = (await as(maker)).context().request
  await apiWith(theirs, await createPersonalToken(theirs, project.org)).post(`${project.api}/tokens`, { name: 'nightly' })
  const page = await as('organization admin')
  await page.goto(to.person(maker.id))
  await page.getByRole('button', { name: 'End all access…' }).click()
  const dialog = page.getByRole('alertdialog', { name: `End all access of ${maker.name}?` })
  await expect(dialog.getByText('1 project membership and 1 personal token end too.')).toBeVisible()
  await expect(dialog.getByRole('checkbox', { name: 'Revoke 1 project token' })).toBeChecked()
  await expectNoViolations(page)
  await dialog.getByLabel('Reason').fill('Left the company')
  await dialog.getByRole('button', { name: 'End all access' }).click()
  await expectToast(page, `${maker.name} was removed; 1 token revoked`)
  await expect(page).toHaveURL(to.people)
  expect(await api.get<unknown[]>(`${project.api}/tokens`)).toEqual([])
  const members = await api.get<{ userId: string }[]>(`${project.url}/members`)
  expect(members.map(({ userId }) => userId)).not.toContain(maker.id)
  const [event] = await api.get<{ after: unknown }[]>(
    `/orgs/${project.org}/audit-events?action=organization.member-removed&target=${maker.id}`,
  )
  expect(event!.after).toEqual({ reason: 'Left the company' })
})

test('names the projects that would lose their last owner, and ends nothing', async ({ as, api, project, newcomer }) => {
  const owner = await newcomer('admin')
  const slug = `solo-${owner.id.slice(-8)}`
  const theirs = (await as(owner)).context().request
  const bearer = await createPersonalToken(theirs, project.org)
  await apiWith(theirs, bearer).post(`/orgs/${project.org}/projects`, { name: 'Solo', slug })
  const page = await as('organization owner')
  await page.goto(to.person(owner.id))
  await page.getByRole('button', { name: 'End all access…' }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog.getByRole('alert')).toContainText('Of Solo. Make somebody else an owner first.')
  await expect(dialog.getByRole('button', { name: 'End all access' })).toBeDisabled()
  expect(await api.get<unknown[]>(`/orgs/${project.org}/members?q=${owner.email}`)).toHaveLength(1)
})

test('tells who may not see it, and why an admin can’t end the access of an owner', async ({ as, project }) => {
  const id = project.userId('viewer')
  const page = await as('owner')
  await page.goto(to.person(id))
  await expect(page.getByText('Only people who manage access can see what others have')).toBeVisible()
  const end = page.getByRole('button', { name: 'End all access…' })
  await expect(end).toBeDisabled()
  await page.goto(to.people)
  await expect(row(page, names.viewer).getByRole('link')).toHaveCount(0)
  const admin = await as('organization admin')
  const owner = await admin.context().request.get(`/orgs/${project.org}/members?role=owner`)
  const [first] = (await owner.json()) as { userId: string }[]
  await admin.goto(to.person(first!.userId))
  await expect(admin.getByRole('button', { name: 'End all access…' })).toHaveAccessibleDescription(/Only an owner/)
})

test('says that a person is not in the organization', async ({ as }) => {
  const page = await as('organization admin')
  await page.goto(to.person('01900000-0000-7000-8000-00000000ffff'))
  await expect(page.getByText('No such person in this organization')).toBeVisible()
  await page.getByRole('link', { name: 'All people' }).click()
  await expect(page).toHaveURL(to.people)
})
