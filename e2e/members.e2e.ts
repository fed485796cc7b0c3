import type { Locator } from '@playwright/test'
import type { Member } from '#contract/members/members'
import { addCrowd } from './crowd.ts'
import { expect, expectNoViolations, expectRow, expectToast, row, rowAction, select, test } from './fixtures.ts'
import { names } from './people.ts'
import { counts } from './sample-project.ts'

/** Picks an option of a list in a dialog; the rows behind it have lists of the same name. */
async function pick(dialog: Locator, label: string, option: string | RegExp) {
  await dialog.getByRole('combobox', { name: label }).click()
  await dialog.page().getByRole('option', { name: option }).click()
}

test('lets an owner add a member with an environment and an expiry', async ({ as, project, newcomer }) => {
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

test('does not offer to add an existing member again', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  await page.getByRole('button', { name: 'Add member' }).click()
  await page.getByRole('combobox', { name: 'Person' }).fill(names.viewer)
  await expect(page.getByRole('option', { name: names.viewer })).toContainText('Already a member of this project')
  await expect(page.getByRole('option', { name: names.viewer })).toBeDisabled()
})

test('lets an owner change a member’s role, environment and expiry', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  await rowAction(page, names.member, 'Change access…')
  const dialog = page.getByRole('dialog', { name: `Access of ${names.member}` })
  await expect(dialog.getByRole('button', { name: 'Save access' })).toBeDisabled()
  await pick(dialog, 'Role', /^Admin/)
  await pick(dialog, 'Environment', 'production')
  await dialog.getByRole('button', { name: '90 days' }).click()
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Save access' }).click()
  await expectToast(page, `The access of ${names.member} was changed`)
  await expectRow(page, names.member, { Role: 'Admin', Environment: 'production', Expires: /in 2 months/ })
})

test('takes the project from removed members by their next click', async ({ as, project }) => {
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
  await expect(member.getByText('There is no project at this address')).toBeVisible()
})

test('keeps search and filters in the URL across a reload', { tag: '@nightly' }, async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  const filters = page.getByRole('search', { name: 'Filter members' })
  await pick(filters, 'Role', 'Member')
  await pick(filters, 'Cells', 'some cells')
  const rows = page.getByRole('table', { name: 'Members' }).getByRole('rowheader')
  await expect(rows).toHaveText([new RegExp(names['scoped member'])])
  await page.getByRole('searchbox').fill('sam')
  await expect(page).toHaveURL(/q=sam/)
  await expect(page).toHaveURL(/role=member/)
  await expect(page).toHaveURL(/scope=some/)
  await page.reload()
  await expect(rows).toHaveText([new RegExp(names['scoped member'])])
  await expect(page.getByRole('searchbox')).toHaveValue('sam')
  await expect(filters.getByRole('combobox', { name: 'Role' })).toContainText('Member')
  await page.getByRole('searchbox').fill('nobody is called so')
  await expect(page.getByText('No members match')).toBeVisible()
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(row(page, names.owner)).toBeVisible()
  await expect(page).toHaveURL(project.paths.members)
})

test(
  'explains why the last owner cannot be demoted, and keeps the choice in the dialog',
  { tag: '@nightly' },
  async ({ as, api, project }) => {
    await api.delete(`${project.url}/members/${project.userId('organization owner')}`)
    const page = await as('owner')
    await page.goto(project.paths.members)
    await rowAction(page, names.owner, 'Change access…')
    const dialog = page.getByRole('dialog', { name: `Access of ${names.owner}` })
    await expect(dialog).toBeVisible()
    await pick(dialog, 'Role', /^Viewer/)
    await dialog.getByRole('button', { name: 'Save access' }).click()
    await expect(dialog.getByRole('alert')).toContainText(
      'A project must keep one permanent owner: one without a scope or an expiry. Make somebody else an owner first',
    )
    await expect(dialog.getByRole('combobox', { name: 'Role' })).toContainText('Viewer')
    await expectNoViolations(page)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expectRow(page, names.owner, { Role: 'Owner' })
  },
)

test('shows a viewer the list and why each action is disabled', async ({ as, project }) => {
  const page = await as('viewer')
  await page.goto(project.paths.members)
  const reason = /^Only an admin or owner of this project may manage members/
  await expect(page.getByRole('button', { name: 'Add member' })).toBeDisabled()
  await expect(page.getByRole('button', { name: 'Add member' })).toHaveAccessibleDescription(reason)
  await row(page, names.member)
    .getByRole('button', { name: /^Actions/ })
    .click()
  for (const action of ['Change access…', 'Remove from project…']) {
    const item = page.getByRole('menuitem', { name: action })
    await expect(item).toBeDisabled()
    await expect(item).toContainText('may manage members')
  }
  await expectNoViolations(page)
})

test('does not let an admin change an owner, and says why', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.members)
  await row(page, names.owner)
    .getByRole('button', { name: /^Actions/ })
    .click()
  const item = page.getByRole('menuitem', { name: 'Remove from project…' })
  await expect(item).toBeDisabled()
  await expect(item).toContainText('Only an owner of this project may make, change or remove an owner')
})

test('shows access that comes from the organization, and links to where it is changed', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.members)
  await expectRow(page, names['organization admin'], { Role: 'Admin', 'Access from': 'Organization' })
  await row(page, names['organization admin'])
    .getByRole('button', { name: /^Actions/ })
    .click()
  await expect(page.getByRole('menuitem', { name: 'Change access…' })).toContainText('comes from the organization')
})

test('reports the outcome for each member of a bulk change', { tag: '@nightly' }, async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.members)
  for (const who of ['member', 'viewer', 'owner'] as const)
    await page.getByRole('checkbox', { name: `Select ${names[who]}` }).click()
  await expect(page.getByText('3 members selected')).toBeVisible()
  await page.getByRole('button', { name: 'Change access…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change the access of 3 members' })
  await select(page, 'New role', /^Viewer/)
  const line = (name: string) => dialog.getByRole('listitem').filter({ hasText: name })
  await expect(line(names.owner)).toContainText('skipped')
  await expect(line(names.member)).toContainText('All environments · All cells · Never expires')
  await expect(line(names.member)).toContainText(`Sees ${counts.entities} of ${counts.entities} entities`)
  await select(page, 'New cells', 'Only these')
  await expect(line(names.member)).toContainText(`Will see 0 of ${counts.entities} entities (now ${counts.entities})`)
  await expect(line(names.owner)).toContainText(`Sees ${counts.entities} of ${counts.entities} entities`)
  await select(page, 'New cells', 'Don’t change')
  await expectNoViolations(page)
  // Meanwhile another owner removes one of them.
  const other = await as('owner')
  await other.goto(project.paths.members)
  await rowAction(other, names.viewer, 'Remove from project…')
  await other.getByRole('button', { name: 'Remove member' }).click()
  await expectToast(other, `${names.viewer} was removed`)
  await dialog.getByRole('button', { name: 'Change access' }).click()
  await expect(line(names.member)).toContainText('changed')
  await expect(line(names.viewer)).toContainText('refused')
  await expect(line(names.viewer)).toContainText('No such member')
  await expect(dialog.getByText('1 changed, 1 refused')).toBeVisible()
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Close' }).first().click()
  await expectRow(page, names.member, { Role: 'Viewer' })
})

test('lets members leave the project themselves', async ({ as, project }) => {
  const page = await as('member')
  await page.goto(project.paths.members)
  await rowAction(page, names.member, 'Leave project…')
  await page.getByRole('button', { name: 'Leave project' }).click()
  await expectToast(page, `You left ${project.slug}`)
  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
})

test(
  'changes five hundred members at once, selected across all pages',
  { tag: '@nightly' },
  async ({ as, project, database }) => {
    await addCrowd(database, project, 500)
    const page = await as('owner')
    await page.goto(`${project.paths.members}?q=crowd`)
    await page.getByRole('checkbox', { name: 'Select Crowd 001' }).click()
    await page.getByRole('button', { name: 'Select all that match' }).click()
    await expect(page.getByText('500 members selected')).toBeVisible()
    await page.getByRole('button', { name: 'Change access…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Change the access of 500 members' })
    await select(page, 'New role', /^Viewer/)
    await select(page, 'New cells', 'Only these')
    await dialog.getByRole('combobox', { name: 'Cells to include' }).fill('germany')
    await page.getByRole('option', { name: /^germany/ }).click()
    await dialog.getByRole('button', { name: 'Change access' }).click()
    await expect(dialog.getByText('500 changed')).toBeVisible({ timeout: 30_000 })
    await dialog.getByRole('button', { name: 'Close' }).first().click()
    await expectRow(page, 'Crowd 001', { Role: 'Viewer', Cells: 'germany' })
    await page.goto(`${project.paths.members}?q=crowd%20500`)
    await expectRow(page, 'Crowd 500', { Role: 'Viewer', Cells: 'germany' })
  },
)

test('brings a removed member back exactly as they were, with one click in the toast', async ({ as, api, project, database }) => {
  const at = `${project.url}/members/${project.userId('scoped member')}`
  const expiresAt = '2099-01-01T00:00:00.000000Z'
  await api.patch(at, { role: 'viewer', envName: 'production', cellScopes: ['europe', 'not in the catalog'], expiresAt })
  await database
    .updateTable('project_members')
    .set({ verbs: ['read:*'] })
    .where('project_id', '=', project.id)
    .where('user_id', '=', project.userId('scoped member'))
    .execute()
  const access = async () => {
    const { role, envName, cellScopes, permissions, expiresAt: ends } = await api.get<Member>(at)
    return { role, envName, cellScopes, permissions, expiresAt: ends }
  }
  const before = await access()
  expect(before).toEqual({
    role: 'viewer',
    envName: 'production',
    cellScopes: ['europe', 'not in the catalog'],
    permissions: ['read:*'],
    expiresAt,
  })
  const page = await as('admin')
  await page.goto(project.paths.members)
  await rowAction(page, names['scoped member'], 'Remove from project…')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove member' }).click()
  await expect(row(page, names['scoped member'])).toBeHidden()
  const undo = page.getByRole('button', { name: 'Undo' })
  await expectNoViolations(page)
  await undo.click()
  await expectToast(page, `${names['scoped member']} is a member again`)
  await expectRow(page, names['scoped member'], { Role: 'Viewer', Environment: 'production' })
  expect(await access()).toEqual(before)
})

test('says why a removed member can’t be brought back, and adds nothing', async ({ as, api, project }) => {
  const page = await as('admin')
  await api.patch(`${project.url}/members/${project.userId('member')}`, { envName: 'production' })
  await page.goto(project.paths.members)
  await rowAction(page, names.member, 'Remove from project…')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove member' }).click()
  await expectToast(page, `${names.member} was removed`)
  await api.post(`${project.url}/members`, { userId: project.userId('member'), role: 'viewer' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await expectToast(page, `${names.member} wasn’t added again`)
  await expectToast(page, 'This person is already a member of the project')
  expect(await api.get<Member>(`${project.url}/members/${project.userId('member')}`)).toMatchObject({
    role: 'viewer',
    envName: null,
  })
})

test('offers no undo to members who leave', async ({ as, project }) => {
  const page = await as('member')
  await page.goto(project.paths.members)
  await rowAction(page, names.member, 'Leave project…')
  await page.getByRole('button', { name: 'Leave project' }).click()
  await expectToast(page, `You left ${project.slug}`)
  await expect(page.getByRole('button', { name: 'Undo' })).toBeHidden()
})

test('changes a role in the row with two clicks, and takes it back with one', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.members)
  let clicks = 0
  const click = (target: Locator) => {
    clicks++
    return target.click()
  }
  await click(page.getByRole('combobox', { name: `Role of ${names.viewer}` }))
  await expect(page.getByRole('option', { name: /^Owner/ })).toBeDisabled()
  await expectNoViolations(page)
  await click(page.getByRole('option', { name: /^Member/ }))
  await expectToast(page, `${names.viewer} is now Member`)
  expect(clicks).toBe(2)
  await expectRow(page, names.viewer, { Role: 'Member' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await expectRow(page, names.viewer, { Role: 'Viewer' })
})

test('explains in the row why a role can’t be changed there', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.members)
  const roleOf = (name: string) => page.getByRole('combobox', { name: `Role of ${name}` })
  for (const [name, reason] of [
    [names.owner, 'Only an owner of this project may make, change or remove an owner'],
    [names['organization admin'], 'This access comes from the organization'],
    [names.admin, 'This is you'],
  ] as const) {
    await expect(roleOf(name)).toBeDisabled()
    await expect(roleOf(name)).toHaveAccessibleDescription(new RegExp(`^${reason}`))
  }
  await roleOf(names.owner).hover()
  await expect(page.getByText('Only an owner of this project may make, change or remove an owner').last()).toBeVisible()
  await expectNoViolations(page)
})

test('shows the refusal of a role above the list, and keeps the role', async ({ as, api, project }) => {
  await api.delete(`${project.url}/members/${project.userId('organization owner')}`)
  const page = await as('organization owner')
  await page.goto(project.paths.members)
  await page.getByRole('combobox', { name: `Role of ${names.owner}` }).click()
  await page.getByRole('option', { name: /^Viewer/ }).click()
  const refusal = page.getByRole('alert').filter({ hasText: 'A project must keep one permanent owner' })
  await expect(refusal).toContainText(`The role of ${names.owner} wasn’t changed`)
  await expectNoViolations(page)
  await expectRow(page, names.owner, { Role: 'Owner' })
  await refusal.getByRole('button', { name: 'Dismiss' }).click()
  await expect(page.getByText('A project must keep one permanent owner')).toBeHidden()
})
