import { randomBytes } from 'node:crypto'
import type { Locator, Page } from '@playwright/test'
import { paths } from '#contract/paths'
import { createOrganization } from '#domain/organizations/organizations'
import { apiWith, createPersonalToken } from './api.ts'
import { expect, expectNoViolations, expectToast, test } from './fixtures.ts'
import { organization, password } from './people.ts'
import { addSite, counts, createProject, createSampleProject, type SampleProject } from './sample-project.ts'

async function openNuke(page: Page, project: SampleProject) {
  await page.goto(project.paths.settings)
  await page.getByRole('button', { name: 'Nuke project…' }).click()
  return page.getByRole('alertdialog')
}

const typed = (dialog: Locator, project: SampleProject) => dialog.getByLabel(`Type ${project.slug} to confirm`)
const nukeButton = (dialog: Locator) => dialog.getByRole('button', { name: 'Nuke project' })

async function nuke(dialog: Locator, project: SampleProject) {
  await typed(dialog, project).fill(project.slug)
  await nukeButton(dialog).click()
}

/** The rows that the nuke would remove, which are folded away. */
async function goesByTable(dialog: Locator) {
  await dialog.getByText(/^All \d+ rows, by table$/).click()
  return dialog.getByRole('table', { name: 'What will be removed' })
}

/** The body of a table of numbers as text, cell by cell. */
const numbersOf = (table: Locator) =>
  table
    .getByRole('row')
    .evaluateAll((rows) => rows.slice(1).map((row) => [...(row as HTMLTableRowElement).cells].map((cell) => cell.textContent)))

test('nukes a project only after the owner types its slug; the receipt matches the preview, and undo restores everything', async ({
  as,
  api,
  project,
}) => {
  const page = await as('owner')
  const dialog = await openNuke(page, project)
  await expect(dialog).toHaveAccessibleName(`Nuke ${project.slug}?`)
  await expect(dialog).toHaveAccessibleDescription(/^7 entities, 4 cells and 1 entity type will be removed .* for 3 days\.$/)
  await expect(typed(dialog, project)).toBeFocused()
  const goes = await goesByTable(dialog)
  await expect(goes.getByRole('row', { name: /^Entities \d/ })).toContainText(String(counts.entities))
  const announced = await numbersOf(goes)
  await expect(dialog.getByText(/^Members \d/)).toBeVisible()
  await expect(dialog.getByText('Never')).toBeVisible()
  await expect(dialog.getByText(/For 3 days, until/)).toBeVisible()
  await expectNoViolations(page)

  for (const near of [project.slug.slice(0, -1), `${project.slug} `, project.slug.toUpperCase(), `${project.slug}x`, '']) {
    await typed(dialog, project).fill(near)
    await expect(nukeButton(dialog)).toBeDisabled()
    await expect(nukeButton(dialog)).toHaveAccessibleDescription(`Type ${project.slug} to confirm`)
  }
  await typed(dialog, project).press('Enter')
  await expect(dialog).toHaveAccessibleName(`Nuke ${project.slug}?`)

  await nuke(dialog, project)
  await expect(dialog).toHaveAccessibleName(`${project.slug} was nuked`)
  expect(await numbersOf(dialog.getByRole('table', { name: 'What was removed' }))).toEqual(announced)
  await expect(dialog.getByText('Can be undone')).toBeVisible()
  await expect(dialog.getByText(/data changed/)).toBeHidden()
  await expectNoViolations(page)
  expect(await api.get(`${project.api}/envs/default/entities`)).toEqual([])
  expect(await api.get<unknown[]>(`${project.api}/environments`)).toHaveLength(2)

  await dialog.getByRole('button', { name: 'Undo nuke' }).click()
  await expectToast(page, /were brought back/)
  expect(await api.get<unknown[]>(`${project.api}/envs/default/entities`)).toHaveLength(counts.default)
  await page.goto(project.paths.overview)
  await expect(page.getByText(`${counts.entities} entities`)).toBeVisible()
})

test('says so on the receipt when the counts changed after the preview', async ({ as, api, project }) => {
  const page = await as('admin')
  const dialog = await openNuke(page, project)
  await expect(dialog.getByText(/will be removed from every environment/)).toBeVisible()
  await addSite(api, project, 'latecomer', 'fr')
  await nuke(dialog, project)
  await expect(dialog.getByText('The data changed after the preview')).toBeVisible()
  const entities = dialog.getByRole('table', { name: 'What was removed' }).getByRole('row', { name: /^Entities \d/ })
  await expect(entities.getByRole('cell')).toHaveText([String(counts.entities), String(counts.entities + 1)])
  await expectNoViolations(page)
})

test('asks for the password first when the sign-in is stale, then continues the nuke', async ({
  as,
  api,
  project,
  newcomer,
  database,
}) => {
  const person = await newcomer()
  await api.post(`${project.url}/members`, { userId: person.id, role: 'admin' })
  const page = await as(person)
  const stale = new Date(Date.now() - 11 * 60_000).toISOString()
  await database.updateTable('sessions').set({ authenticated_at: stale }).where('user_id', '=', person.id).execute()

  const dialog = await openNuke(page, project)
  await nuke(dialog, project)
  const ask = page.getByRole('dialog', { name: 'Confirm it’s you' })
  const secret = ask.getByLabel('Your password')
  await expect(secret).toBeFocused()
  await expectNoViolations(page)
  await secret.fill('not my password')
  await ask.getByRole('button', { name: 'Confirm', exact: true }).click()
  await expect(secret).toHaveAccessibleDescription(/Incorrect password/)
  expect(await api.get<unknown[]>(`${project.api}/envs/default/entities`)).toHaveLength(counts.default)
  await secret.fill(password)
  await ask.getByRole('button', { name: 'Confirm', exact: true }).click()
  await expect(dialog).toHaveAccessibleName(`${project.slug} was nuked`)
})

for (const who of ['viewer', 'member', 'scoped member'] as const) {
  test(`shows a ${who} a disabled button with its reason`, async ({ as, project }) => {
    const page = await as(who)
    await page.goto(project.paths.settings)
    const button = page.getByRole('button', { name: 'Nuke project…' })
    await expect(button).toBeDisabled()
    await expect(button).toHaveAccessibleDescription(/Only an admin or owner of this project may apply, nuke or undo|limited to/)
    await button.click({ force: true })
    await expect(page.getByRole('alertdialog')).toBeHidden()
  })
}

test('refuses an admin who was demoted while the page was open, and says why', async ({ as, api, project }) => {
  const page = await as('admin')
  const dialog = await openNuke(page, project)
  await expect(dialog.getByText(/will be removed from every environment/)).toBeVisible()
  await api.patch(`${project.url}/members/${project.userId('admin')}`, { role: 'viewer' })
  await nuke(dialog, project)
  await expect(dialog.getByRole('alert')).toContainText('Only an admin or owner of this project may apply, nuke or undo')
  expect(await api.get<unknown[]>(`${project.api}/envs/default/entities`)).toHaveLength(counts.default)
  await expectNoViolations(page)
})

test('does not nuke a project that was protected in the meantime', async ({ as, api, project }) => {
  const page = await as('admin')
  const dialog = await openNuke(page, project)
  await expect(dialog.getByText(/will be removed from every environment/)).toBeVisible()
  await api.put(`${project.url}/protection`, { protected: true })
  await nuke(dialog, project)
  await expect(dialog.getByRole('alert')).toContainText(/protected/)
})

test('finds the receipt and undoes the nuke later', async ({ as, api, project }) => {
  await api.delete(`${project.api}/nuke`)
  await api.post(`${project.api}/entity-types`, { name: 'site', states: ['live'], initialState: 'live' })
  const page = await as('owner')
  await page.goto(project.paths.settings)
  await page.getByRole('link', { name: 'View nuke receipts' }).click()
  await expect(page.getByRole('heading', { name: 'Nuke receipts', level: 1 })).toBeVisible()
  await page.getByRole('button', { name: /^Nuke 20/ }).click()
  await expectNoViolations(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Undo…' }).click()
  const undo = page.getByRole('alertdialog', { name: `Undo the nuke of ${project.slug}?` })
  await expect(undo.getByText(/current data/).first()).toBeVisible()
  await undo.getByRole('button', { name: 'Undo nuke' }).click()
  await expectToast(page, /were brought back/)
  await page.getByRole('dialog', { name: 'Nuke' }).getByRole('button', { name: 'Close' }).click()
  await expect(page.getByRole('button', { name: /^Replaced by an undo/ })).toBeVisible()
  expect(await api.get<unknown[]>(`${project.api}/envs/default/entities`)).toHaveLength(counts.default)
})

test('has nothing to nuke in an empty project', async ({ as, api, project }) => {
  await api.delete(`${project.api}/nuke`)
  const page = await as('owner')
  const dialog = await openNuke(page, project)
  await expect(dialog).toHaveAccessibleDescription('This project has no catalog and no data, so there is nothing to nuke.')
  await typed(dialog, project).fill(project.slug)
  await expect(nukeButton(dialog)).toBeDisabled()
  await expect(nukeButton(dialog)).toHaveAccessibleDescription('There is nothing to nuke')
})

test(
  'keeps the reason of a nuke and of its undo on the receipt and in the audit log',
  { tag: '@nightly' },
  async ({ as, api, project }) => {
    const page = await as('owner')
    const dialog = await openNuke(page, project)
    await expect(typed(dialog, project)).toBeFocused()
    await expect(dialog.getByText('Kept in the audit log, and sent to the owners and to webhooks.')).toBeVisible()
    await dialog.getByLabel('Reason').fill('Wrong région, see the ticket')
    await expectNoViolations(page)
    await nuke(dialog, project)
    await expect(dialog).toHaveAccessibleName(`${project.slug} was nuked`)
    await expect(dialog.getByText('Wrong région, see the ticket')).toBeVisible()
    await page.goto(project.paths.wipes)
    await page.getByRole('button', { name: /^Nuke 20/ }).click()
    const receipt = page.getByRole('dialog', { name: 'Nuke' })
    await receipt.getByRole('button', { name: 'Undo…' }).click()
    const undo = page.getByRole('alertdialog', { name: `Undo the nuke of ${project.slug}?` })
    await expect(undo.getByText('The project is empty, so this replaces nothing')).toBeVisible()
    await expectNoViolations(page)
    await undo.getByLabel('Reason').fill('It was the right one')
    await undo.getByRole('button', { name: 'Undo nuke' }).click()
    await expectToast(page, /were brought back/)

    await expect(receipt.getByText('Wrong région, see the ticket')).toBeVisible()
    await expect(receipt.getByText('It was the right one')).toBeVisible()
    await expectNoViolations(page)

    await page.goto(project.paths.audit)
    await page.getByRole('button', { name: /^project\.nuked/ }).click()
    const panel = page.getByRole('dialog', { name: 'project.nuked' })
    await expect(panel.getByText('Wrong région, see the ticket', { exact: true })).toBeVisible()
    await expectNoViolations(page)
    const [undone] = await api.get<{ after: { reason: string } }[]>(`${project.api}/audit-events?action=project.undone`)
    expect(undone!.after.reason).toBe('It was the right one')
  },
)

test('asks before a typed reason is lost, and not before the text that only confirms is', async ({ as, project }) => {
  const page = await as('owner')
  const dialog = await openNuke(page, project)
  await typed(dialog, project).fill(project.slug)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await openNuke(page, project)
  const nuking = page.getByRole('alertdialog', { name: `Nuke ${project.slug}?` })
  await nuking.getByLabel('Reason').fill('Wrong region')
  await page.keyboard.press('Escape')
  await page.getByRole('alertdialog', { name: 'Discard what you typed?' }).getByRole('button', { name: 'Keep editing' }).click()
  await expect(nuking.getByLabel('Reason')).toHaveValue('Wrong region')
  await nuke(nuking, project)
  await expect(page.getByRole('alertdialog', { name: `${project.slug} was nuked` })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('alertdialog')).toBeHidden()
})

test('says what is wrong with a reason, and nukes nothing', async ({ as, api, project }) => {
  const page = await as('owner')
  const dialog = await openNuke(page, project)
  await dialog.getByLabel('Reason').fill('see \u202Egnp.exe')
  await nuke(dialog, project)
  await expect(dialog.getByRole('alert')).toContainText('must not contain characters that change the direction of text')
  expect(await api.get<unknown[]>(`${project.api}/envs/default/entities`)).toHaveLength(counts.default)
  await dialog.getByLabel('Reason').fill('x'.repeat(501))
  await expect(dialog.getByLabel('Reason')).toHaveValue('x'.repeat(501))
  await expect(dialog.getByText('501 of 500')).toBeVisible()
  await expect(nukeButton(dialog)).toBeDisabled()
  await expect(nukeButton(dialog)).toHaveAccessibleDescription('Shorten the reason to 500 characters')
  await expectNoViolations(page)
  await dialog.getByLabel('Reason').fill(` ${'x'.repeat(500)} `)
  await expect(nukeButton(dialog)).toBeEnabled()
})

test(
  'asks for the reason that an organization requires, also when the rule came while the dialog was open',
  { tag: '@nightly' },
  async ({ as, database, newcomer }) => {
    const org = `reasons-${randomBytes(4).toString('hex')}`
    const owner = await newcomer()
    await createOrganization(database, { slug: org, name: 'Reasons', owner })
    const page = await as(owner)
    const api = apiWith(page.request, await createPersonalToken(page.request, org))
    const project = await createSampleProject(api, org)

    await page.goto(paths.organization(org).general)
    const rule = page.getByRole('switch', { name: 'Require a reason for a nuke' })
    await expect(rule).not.toBeChecked()
    await rule.click()
    await expect(rule).toBeChecked()
    await expectNoViolations(page)
    await page.reload()
    await expect(rule).toBeChecked()

    const dialog = await openNuke(page, project)
    await typed(dialog, project).fill(project.slug)
    await expect(nukeButton(dialog)).toBeDisabled()
    await expect(nukeButton(dialog)).toHaveAccessibleDescription('Give a reason')
    await expect(dialog.getByLabel('Reason')).toHaveAttribute('required')
    await expect(dialog.getByText('0 of 500')).toBeVisible()
    await dialog.getByLabel('Reason').fill('   ')
    await expect(nukeButton(dialog)).toBeDisabled()
    await expectNoViolations(page)
    await dialog.getByLabel('Reason').fill('Wrong region')
    await nukeButton(dialog).click()
    await expect(dialog).toHaveAccessibleName(`${project.slug} was nuked`)
    await dialog.getByRole('button', { name: 'Undo nuke' }).click()
    await expectToast(page, /were brought back/)

    await api.patch(`/orgs/${org}`, { requireNukeReason: false })
    await page.getByRole('button', { name: 'Nuke project…' }).click()
    await expect(dialog.getByText('optional')).toBeVisible()
    await api.patch(`/orgs/${org}`, { requireNukeReason: true })
    await nuke(dialog, project)
    await expect(dialog.getByRole('alert')).toContainText('This organization requires a reason for a nuke')
    await expect(nukeButton(dialog)).toHaveAccessibleDescription('Give a reason')
    await dialog.getByLabel('Reason').fill('Wrong region again')
    await nukeButton(dialog).click()
    await expect(dialog).toHaveAccessibleName(`${project.slug} was nuked`)
    const [wipe] = await api.get<{ statedReason: string }[]>(`${project.url}/wipes?limit=1`)
    expect(wipe!.statedReason).toBe('Wrong region again')
  },
)

test('shows a member of the organization the rule for nukes, and who can change it', async ({ as }) => {
  const page = await as('viewer')
  await page.goto(paths.organization(organization.slug).general)
  const rule = page.getByRole('switch', { name: 'Require a reason for a nuke' })
  await expect(rule).toBeDisabled()
  await expect(rule).toHaveAccessibleDescription('Only an owner or admin of the organization may change its settings')
})

test('purges nuked data only after an owner types the slug; then nobody can undo it', async ({ as, api, project }) => {
  await api.delete(`${project.api}/nuke`)
  const page = await as('owner')
  await page.goto(project.paths.wipes)
  await page.getByRole('button', { name: /^Nuke 20/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Purge…' }).click()
  const dialog = page.getByRole('alertdialog', { name: `Purge nuked data of ${project.slug}?` })
  await expect(dialog.getByRole('table', { name: 'What is deleted permanently' })).toBeVisible()
  const button = dialog.getByRole('button', { name: 'Purge data' })
  await expect(button).toBeDisabled()
  await expectNoViolations(page)
  await typed(dialog, project).fill(project.slug)
  await button.click()
  await expectToast(page, /were purged/)
  const receipt = page.getByRole('dialog', { name: 'Nuke' })
  await expect(receipt.getByText('Can’t be undone')).toBeVisible()
  for (const name of ['Purge…', 'Undo…']) await expect(receipt.getByRole('button', { name })).toBeDisabled()
  await expectNoViolations(page)
})

test('offers an admin no purge, and says who can; nor anybody while the project is protected', async ({ as, api, project }) => {
  await api.delete(`${project.api}/nuke`)
  const page = await as('admin')
  await page.goto(project.paths.wipes)
  await page.getByRole('button', { name: /^Nuke 20/ }).click()
  const purge = page.getByRole('dialog').getByRole('button', { name: 'Purge…' })
  await expect(purge).toBeDisabled()
  await expect(purge).toHaveAccessibleDescription(/Only an owner of this project may purge what a nuke removed/)
  await api.put(`${project.url}/protection`, { protected: true })
  const owner = await as('owner')
  await owner.goto(project.paths.wipes)
  await owner.getByRole('button', { name: /^Nuke 20/ }).click()
  const blocked = owner.getByRole('dialog').getByRole('button', { name: 'Purge…' })
  await expect(blocked).toHaveAccessibleDescription(/The project is protected/)
  await expect(blocked).toBeDisabled()
})

test('shows who emptied a project where its data was, and undoes the nuke with one click', async ({ as, api, project }) => {
  await api.delete(`${project.api}/nuke`, { reason: 'Wrong region' })
  const page = await as('owner')
  for (const screen of [project.paths.data, project.paths.catalog, project.paths.overview]) {
    await page.goto(screen)
    const state = page.getByRole('region', { name: /nuked this project/ })
    await expect(state).toContainText(/\d+ rows of catalog and data were removed\. You can bring them back until 20/)
    await expect(state).toContainText('Reason: Wrong region')
    await expect(state.getByRole('link', { name: 'View receipt' })).toHaveAttribute('href', /wipe=/)
    await expect(page.getByText(/ yet$/)).toBeHidden()
    await expectNoViolations(page)
  }
  await page.getByRole('button', { name: 'Undo nuke' }).click()
  await expectToast(page, /were brought back/)
  await expect(page.getByText(`${counts.entities} entities`)).toBeVisible()
  await expect(page.getByRole('region', { name: /nuked this project/ })).toBeHidden()
})

test(
  'shows no way back to those who may not undo, nor once the data is purged',
  { tag: '@nightly' },
  async ({ as, api, project }) => {
    await api.delete(`${project.api}/nuke`)
    const viewer = await as('viewer')
    await viewer.goto(project.paths.overview)
    await expect(viewer.getByText('This project has no data')).toBeVisible()
    await expect(viewer.getByRole('button', { name: 'Undo nuke' })).toBeHidden()
    await expectNoViolations(viewer)

    const owner = await as('owner')
    await owner.goto(project.paths.wipes)
    await owner.getByRole('button', { name: /^Nuke 20/ }).click()
    await owner.getByRole('dialog').getByRole('button', { name: 'Purge…' }).click()
    const dialog = owner.getByRole('alertdialog', { name: `Purge nuked data of ${project.slug}?` })
    await typed(dialog, project).fill(project.slug)
    await dialog.getByRole('button', { name: 'Purge data' }).click()
    await expectToast(owner, /were purged/)
    await owner.goto(project.paths.overview)
    await expect(owner.getByText('They can’t be brought back any more.')).toBeVisible()
    await expect(owner.getByRole('button', { name: 'Undo nuke' })).toBeHidden()
  },
)

test('offers three ways to begin in a project that never held anything', async ({ as, api }) => {
  const slug = `new-${randomBytes(4).toString('hex')}`
  const { paths } = await createProject(api, 'New', slug)
  const page = await as('organization owner')
  await page.goto(paths.overview)
  const begin = page.getByRole('region', { name: 'Add the first data' })
  await expect(begin.getByText(new RegExp(`curl http.*/${slug}/entity-types`))).toBeVisible()
  await expectNoViolations(page)
  await begin.getByRole('link', { name: 'Open the sample' }).click()
  await expect(page).toHaveURL(/apply\?edit=sample/)
})

test('nukes from another screen of the project with three clicks', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.overview)
  let clicks = 0
  const click = async (on: Locator) => {
    clicks++
    await on.click()
  }
  await click(page.getByRole('navigation').getByRole('link', { name: 'Settings', exact: true }).first())
  await click(page.getByRole('button', { name: 'Nuke project…' }))
  const dialog = page.getByRole('alertdialog')
  // The field has the focus, so typing needs no click.
  await expect(typed(dialog, project)).toBeFocused()
  await page.keyboard.type(project.slug)
  await click(nukeButton(dialog))
  await expect(dialog).toHaveAccessibleName(`${project.slug} was nuked`)
  expect(clicks).toBe(3)
})
