import type { Locator, Page } from '@playwright/test'
import type { Member } from '#contract/members/members'
import { expect, expectNoViolations, expectRow, expectToast, row, test } from './fixtures.ts'
import { emailOf, names, type Who } from './people.ts'
import { counts, type SampleProject } from './sample-project.ts'

const panelOf = (page: Page, who: Who) => page.getByRole('dialog', { name: `Access of ${names[who]}` })

async function openPanel(page: Page, project: SampleProject, who: Who) {
  await page.goto(project.paths.memberPanel(project.userId(who)))
  const panel = panelOf(page, who)
  await expect(panel.getByRole('button', { name: 'Save access' })).toBeVisible()
  return panel
}

async function pick(panel: Locator, label: string, option: string | RegExp) {
  await panel.getByRole('combobox', { name: label }).click()
  await panel.page().getByRole('option', { name: option }).click()
}

const save = (panel: Locator) => panel.getByRole('button', { name: 'Save access' })
const changes = (panel: Locator) => panel.getByRole('list', { name: 'What changes' }).getByRole('listitem')

test('narrows a member to a cell with three clicks', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.members)
  let clicks = 0
  const click = (target: Locator) => {
    clicks++
    return target.click()
  }
  await click(row(page, names.member).getByRole('button', { name: new RegExp(`^${names.member}`) }))
  const panel = panelOf(page, 'member')
  await click(panel.getByRole('checkbox', { name: /^europe/ }))
  await expect(panel.getByText(`will see ${counts.europe} of ${counts.entities} entities (now ${counts.entities})`)).toBeVisible()
  await click(save(panel))
  await expectToast(page, `The access of ${names.member} was changed`)
  expect(clicks).toBe(3)
  await expectRow(page, names.member, { Cells: 'europe' })
  await expect(page).toHaveURL(project.paths.members)
})

test('says before saving what changes, saves it in one request, and then shows it in the history', async ({
  as,
  api,
  project,
}) => {
  const page = await as('owner')
  const panel = await openPanel(page, project, 'scoped member')
  await expect(panel.getByText(emailOf('scoped member'))).toBeVisible()
  await expect(save(panel)).toBeDisabled()
  await expect(panel.getByText(`sees ${counts.europe} of ${counts.entities} entities`)).toBeVisible()
  await expect(panel.getByRole('listitem').filter({ hasText: 'Added: Member · All environments · europe' })).toBeVisible()
  await expectNoViolations(page)

  await pick(panel, 'Role', /^Viewer/)
  await pick(panel, 'Environment', 'production')
  await panel.getByRole('button', { name: '90 days' }).click()
  await panel.getByRole('checkbox', { name: /^asia/ }).click()
  await expect(changes(panel)).toHaveText([
    /^Role Member.*Viewer$/,
    /^Environment All environments.*production$/,
    /^Cells europe.*europe, asia$/,
    /^Expires Never.*UTC$/,
  ])
  await expect(panel.getByText(`will see 2 of ${counts.entities} entities (now ${counts.europe})`)).toBeVisible()
  await expectNoViolations(page)
  const sent: string[] = []
  page.on('request', (request) => void (request.method() !== 'GET' && sent.push(request.method())))
  await save(panel).click()
  await expectToast(page, `The access of ${names['scoped member']} was changed`)
  expect(sent).toEqual(['PATCH'])
  await expectRow(page, names['scoped member'], { Role: 'Viewer', Environment: 'production', Cells: /europe.*asia/ })
  const events = await api.get<unknown[]>(`${project.api}/audit-events?target=${project.userId('scoped member')}`)
  expect(events).toHaveLength(2)

  await openPanel(page, project, 'scoped member')
  const latest = panel
    .getByRole('list', { name: 'History' })
    .getByRole('listitem')
    .filter({ hasText: emailOf('owner') })
    .first()
  await expect(latest).toContainText(/Role Member.*Viewer/)
  await panel.getByRole('link', { name: 'View in the audit log' }).click()
  await expect(page.getByRole('table', { name: 'Audit events' }).getByRole('row', { name: /member\./ })).toHaveCount(2)
})

test('opens from its URL and after a reload, and asks before a choice is lost', async ({ as, project }) => {
  const page = await as('admin')
  const panel = await openPanel(page, project, 'viewer')
  await pick(panel, 'Role', /^Member/)
  await page.keyboard.press('Escape')
  const question = page.getByRole('alertdialog', { name: 'Discard what you typed?' })
  await expect(question).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(panel.getByRole('combobox', { name: 'Role' })).toContainText('Member')
  await panel.getByRole('button', { name: 'Cancel' }).click()
  await expect(panel).toBeHidden()
  await expect(page).toHaveURL(project.paths.members)
  await openPanel(page, project, 'viewer')
  await expect(panel.getByRole('combobox', { name: 'Role' })).toContainText('Viewer')
  await page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
})

test('shows a second admin what the first has saved, keeps what both chose, and saves it together', async ({
  as,
  api,
  project,
}) => {
  const at = `${project.url}/members/${project.userId('member')}`
  const page = await as('admin')
  const panel = await openPanel(page, project, 'member')
  await panel.getByRole('checkbox', { name: /^asia/ }).click()
  await api.patch(at, { role: 'viewer' })
  await save(panel).click()
  const met = panel.getByRole('alert').filter({ hasText: 'Somebody else changed this access in the meantime' })
  await expect(met.getByRole('list', { name: 'Their changes' })).toHaveText(/^Role Member.*Viewer$/)
  await expect(met).toContainText('Nothing that you chose is affected')
  await expect(save(panel)).toBeDisabled()
  await expectNoViolations(page)
  await met.getByRole('button', { name: 'Keep both' }).click()
  await expect(panel.getByRole('combobox', { name: 'Role' })).toContainText('Viewer')
  await expect(panel.getByRole('checkbox', { name: /^asia/ })).toBeChecked()
  await save(panel).click()
  await expect(panel).toBeHidden()
  expect(await api.get<Member>(at)).toMatchObject({ role: 'viewer', cellScopes: ['asia'] })
})

for (const [choice, role] of [
  ['Keep mine', 'admin'],
  ['Take theirs', 'viewer'],
] as const) {
  test(`lets a second admin choose where both changed the same: ${choice}`, { tag: '@nightly' }, async ({ as, api, project }) => {
    const at = `${project.url}/members/${project.userId('member')}`
    const page = await as('owner')
    const panel = await openPanel(page, project, 'member')
    await pick(panel, 'Role', /^Admin/)
    await pick(panel, 'Environment', 'production')
    await api.patch(at, { role: 'viewer', cellScopes: ['europe'] })
    await save(panel).click()
    const met = panel.getByRole('alert').filter({ hasText: 'Somebody else changed this access in the meantime' })
    await expect(met.getByRole('list', { name: 'Their changes' }).getByRole('listitem')).toHaveText([
      /^Role Member.*Viewer$/,
      /^Cells All cells.*europe$/,
    ])
    await expect(met).toContainText('You chose role Admin. Your other changes stay.')
    await expectNoViolations(page)
    await met.getByRole('button', { name: choice }).click()
    await expect(panel.getByRole('combobox', { name: 'Environment' })).toContainText('production')
    await save(panel).click()
    await expect(panel).toBeHidden()
    expect(await api.get<Member>(at)).toMatchObject({ role, envName: 'production', cellScopes: ['europe'] })
  })
}

test('says that the member is gone, from its URL and while it is open', { tag: '@nightly' }, async ({ as, api, project }) => {
  const page = await as('admin')
  const panel = await openPanel(page, project, 'viewer')
  await pick(panel, 'Role', /^Member/)
  await api.delete(`${project.url}/members/${project.userId('viewer')}`)
  await save(panel).click()
  await expect(panel.getByRole('alert')).toContainText(`${names.viewer} is no longer a member of this project`)
  await expect(panel.getByRole('combobox', { name: 'Role' })).toContainText('Member')
  await expect(save(panel)).toBeDisabled()
  await expectNoViolations(page)
  await page.goto('about:blank')
  for (const id of [project.userId('viewer'), project.userId('outsider'), 'nobody']) {
    await page.goto(project.paths.memberPanel(id))
    const gone = page.getByRole('dialog', { name: 'No such member' })
    await expect(gone).toContainText('This person isn’t a member of this project')
    await expectNoViolations(page)
    await gone.getByRole('button', { name: 'Close' }).click()
    await expect(gone).toBeHidden()
  }
})

test(
  'shows an access that can’t be changed, and why: to a viewer, to an admin, and of the organization',
  { tag: '@nightly' },
  async ({ as, project }) => {
    for (const [who, whose, reason] of [
      ['viewer', 'scoped member', 'Only an admin or owner of this project may manage members'],
      ['admin', 'owner', 'Only an owner of this project may make, change or remove an owner'],
      ['owner', 'organization admin', 'This access comes from the organization'],
    ] as const) {
      const page = await as(who)
      await page.goto(project.paths.members)
      await row(page, names[whose])
        .getByRole('button', { name: new RegExp(`^${names[whose]}`) })
        .click()
      const panel = panelOf(page, whose)
      await expect(panel).toContainText(reason)
      await expect(save(panel)).toBeHidden()
      await expect(panel.getByRole('heading', { name: 'History' })).toBeVisible()
      await expectNoViolations(page)
      await page.keyboard.press('Escape')
      await expect(panel).toBeHidden()
    }
  },
)
