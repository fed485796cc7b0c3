import { expect, expectNoViolations, expectRow, expectToast, row, rowAction, select, test } from './fixtures.ts'
import { names } from './people.ts'

test('an owner adds somebody with an environment and an expiry', async ({ as, project, newcomer }) => {
  const person = await newcomer()
  const page = await as('owner')
  await page.goto(project.paths.members)
  await page.getByRole('button', { name: 'Add member' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add member' })
  await dialog.getByRole('combobox', { name: 'Person' }).fill(person.email)
  await page.getByRole('option', { name: person.name }).click()
  await select(page, 'Role', /^Viewer/)
  await select(page, 'Environment', 'production')
  await dialog.getByRole('button', { name: '30 days' }).click()
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Add member' }).click()
  await expectToast(page, `${person.name} was added`)
  await expect(dialog).toBeHidden()
  await expectRow(page, person.name, {
    Role: 'Viewer',
    Environment: 'production',
    Cells: 'All cells',
    Expires: /in (29|30) days|month/,
  })
})

test('who is a member already cannot be added again', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  await page.getByRole('button', { name: 'Add member' }).click()
  await page.getByRole('combobox', { name: 'Person' }).fill(names.viewer)
  await expect(page.getByRole('option', { name: names.viewer })).toContainText('Already a member of this project')
  await expect(page.getByRole('option', { name: names.viewer })).toBeDisabled()
})

test('an owner changes role, environment and expiry of a member', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  await rowAction(page, names.member, 'Role, environment, expiry…')
  const dialog = page.getByRole('dialog', { name: `Access of ${names.member}` })
  await expect(dialog.getByRole('button', { name: 'Save access' })).toBeDisabled()
  await select(page, 'Role', /^Admin/)
  await select(page, 'Environment', 'production')
  await dialog.getByRole('button', { name: '90 days' }).click()
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Save access' }).click()
  await expectToast(page, `The access of ${names.member} was changed`)
  await expectRow(page, names.member, { Role: 'Admin', Environment: 'production', Expires: /in 2 months/ })
})

test('a removed member has lost the project with his next click', async ({ as, project }) => {
  const [page, member] = [await as('admin'), await as('member')]
  await member.goto(project.paths.overview)
  await expect(member.getByRole('heading', { name: 'Overview' })).toBeVisible()
  await page.goto(project.paths.members)
  await rowAction(page, names.member, 'Remove from project…')
  const dialog = page.getByRole('alertdialog', { name: `Remove ${names.member} from ${project.slug}?` })
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Remove member' }).click()
  await expectToast(page, `${names.member} was removed`)
  await expect(row(page, names.member)).toBeHidden()
  await member.goto(project.paths.members)
  await expect(member.getByText('No such project')).toBeVisible()
})

test('search and filters are in the URL and survive a reload', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  await select(page, 'Role', 'Member')
  await select(page, 'Cells', 'only some')
  const rows = page.getByRole('table', { name: 'Members' }).getByRole('rowheader')
  await expect(rows).toHaveText([new RegExp(names['scoped member'])])
  await page.getByRole('searchbox').fill('sam')
  await expect(page).toHaveURL(/q=sam/)
  await expect(page).toHaveURL(/role=member/)
  await expect(page).toHaveURL(/scope=some/)
  await page.reload()
  await expect(rows).toHaveText([new RegExp(names['scoped member'])])
  await expect(page.getByRole('searchbox')).toHaveValue('sam')
  await expect(page.getByRole('combobox', { name: 'Role' })).toContainText('Member')
  await page.getByRole('searchbox').fill('nobody is called so')
  await expect(page.getByText('No members match')).toBeVisible()
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(row(page, names.owner)).toBeVisible()
  await expect(page).toHaveURL(project.paths.members)
})

test('the last owner cannot be demoted: the dialog says why, and keeps what was chosen', async ({ as, api, project }) => {
  await api.delete(`${project.url}/members/${project.userId('organisation owner')}`)
  const page = await as('owner')
  await page.goto(project.paths.members)
  await rowAction(page, names.owner, 'Role, environment, expiry…')
  const dialog = page.getByRole('dialog', { name: `Access of ${names.owner}` })
  await select(page, 'Role', /^Viewer/)
  await dialog.getByRole('button', { name: 'Save access' }).click()
  await expect(dialog.getByRole('alert')).toContainText(
    'A project must keep one owner whose access is neither scoped nor expires',
  )
  await expect(dialog.getByRole('combobox', { name: 'Role' })).toContainText('Viewer')
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expectRow(page, names.owner, { Role: 'Owner' })
})

test('a viewer reads the list and sees of every action why he may not', async ({ as, project }) => {
  const page = await as('viewer')
  await page.goto(project.paths.members)
  const reason = /^Only an admin or owner of this project may manage members/
  await expect(page.getByRole('button', { name: 'Add member' })).toBeDisabled()
  await expect(page.getByRole('button', { name: 'Add member' })).toHaveAccessibleDescription(reason)
  await row(page, names.member)
    .getByRole('button', { name: /^Actions/ })
    .click()
  for (const action of ['Role, environment, expiry…', 'Cell scopes…', 'Remove from project…']) {
    const item = page.getByRole('menuitem', { name: action })
    await expect(item).toBeDisabled()
    await expect(item).toContainText('may manage members')
  }
  await expectNoViolations(page)
})

test('an admin cannot touch an owner, and sees why', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.members)
  await row(page, names.owner)
    .getByRole('button', { name: /^Actions/ })
    .click()
  const item = page.getByRole('menuitem', { name: 'Remove from project…' })
  await expect(item).toBeDisabled()
  await expect(item).toContainText('Only an owner of this project may make, change or remove an owner')
})

test('access that comes from the organisation is shown, and changed there', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  await expectRow(page, names['organisation admin'], { Role: 'Admin', 'Access from': 'Organisation' })
  await row(page, names['organisation admin'])
    .getByRole('button', { name: /^Actions/ })
    .click()
  await expect(page.getByRole('menuitem', { name: 'Cell scopes…' })).toContainText('comes from the organisation')
})

test('one change for several members tells of each how it went', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.members)
  for (const who of ['member', 'viewer', 'owner'] as const)
    await page.getByRole('checkbox', { name: `Select ${names[who]}` }).click()
  await expect(page.getByText('3 members selected')).toBeVisible()
  await page.getByRole('button', { name: 'Change role…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change the role of 3 members' })
  await select(page, 'New role', /^Viewer/)
  const line = (name: string) => dialog.getByRole('listitem').filter({ hasText: name })
  await expect(line(names.owner)).toContainText('left out')
  await expectNoViolations(page)
  // Meanwhile somebody else takes one of them away.
  const other = await as('owner')
  await other.goto(project.paths.members)
  await rowAction(other, names.viewer, 'Remove from project…')
  await other.getByRole('button', { name: 'Remove member' }).click()
  await expectToast(other, `${names.viewer} was removed`)
  await dialog.getByRole('button', { name: 'Change role' }).click()
  await expect(line(names.member)).toContainText('changed')
  await expect(line(names.viewer)).toContainText('refused')
  await expect(line(names.viewer)).toContainText('No such member')
  await expect(dialog.getByText('1 changed, 1 refused')).toBeVisible()
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Close' }).first().click()
  await expectRow(page, names.member, { Role: 'Viewer' })
})

test('a member leaves the project himself', async ({ as, project }) => {
  const page = await as('member')
  await page.goto(project.paths.members)
  await rowAction(page, names.member, 'Leave project…')
  await page.getByRole('button', { name: 'Leave project' }).click()
  await expectToast(page, `You left ${project.slug}`)
  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
})
