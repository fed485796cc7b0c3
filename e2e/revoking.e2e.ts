import { apiWith, createPersonalToken } from './api.ts'
import { expect, expectNoViolations, expectToast, rowAction, test } from './fixtures.ts'
import { emailOf } from './people.ts'

test('lists the tokens of a member who is removed, and revokes the selected ones', async ({ as, api, project, newcomer }) => {
  const maker = await newcomer()
  await api.post(`${project.url}/members`, { userId: maker.id, role: 'admin' })
  const theirs = await as(maker)
  const bearer = await createPersonalToken(theirs.context().request, project.org)
  for (const name of ['deploy', 'backup']) {
    const made = await theirs.context().request.post(`${project.api}/tokens`, {
      headers: { authorization: `Bearer ${bearer}` },
      data: { name, role: 'viewer' },
    })
    expect(made.status()).toBe(201)
  }
  const page = await as('owner')
  await page.goto(project.paths.members)
  await rowAction(page, maker.name, 'Remove from project…')
  const dialog = page.getByRole('alertdialog', { name: `Remove ${maker.name} from ${project.slug}?` })
  await expect(dialog.getByRole('list', { name: 'Project tokens' }).getByRole('listitem')).toHaveText(['deploy', 'backup'])
  const revoke = dialog.getByRole('checkbox', { name: 'Revoke 2 project tokens' })
  await expect(revoke).not.toBeChecked()
  await revoke.click()
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Remove member' }).click()
  await expectToast(page, `${maker.name} was removed; 2 tokens revoked`)
  expect(await api.get<{ name: string }[]>(`${project.api}/tokens`)).toEqual([])
})

test('lists what a person made in an organization that they leave, and keeps what is not selected', async ({
  as,
  api,
  project,
  newcomer,
}) => {
  const [leaver, boss] = [await newcomer('admin'), await newcomer('admin')]
  const theirs = await as(leaver)
  const bearer = await createPersonalToken(theirs.context().request, project.org)
  const headers = { authorization: `Bearer ${bearer}` }
  await theirs.context().request.post(`${project.api}/tokens`, { headers, data: { name: 'nightly', role: 'viewer' } })
  const hook = { url: 'https://hook.example.com/incoming', projects: [project.slug] }
  const made = await theirs.context().request.post(`/orgs/${project.org}/webhooks`, { headers, data: hook })
  expect(made.status()).toBe(201)

  const page = await as(boss)
  await page.goto(`/console/${project.org}/settings/people`)
  await page.getByRole('searchbox').first().fill(leaver.email)
  await rowAction(page, leaver.name, 'Remove from organization…')
  const dialog = page.getByRole('alertdialog')
  await expect(dialog.getByRole('list', { name: 'Project tokens' })).toContainText(project.slug)
  await expect(dialog.getByRole('list', { name: 'Webhooks' })).toContainText('hook.example.com')
  await dialog.getByRole('checkbox', { name: 'Delete 1 webhook' }).click()
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Remove person' }).click()
  await expectToast(page, `${leaver.name} was removed; 1 webhook revoked`)
  expect(await api.get<{ name: string }[]>(`${project.api}/tokens`)).toMatchObject([{ name: 'nightly' }])
})

const bulkRemovals = [
  { where: 'from the list of members', page: 'members', query: '', verb: 'Remove members' },
  { where: 'in the access review', page: 'accessReview', query: '?kind=membership', verb: 'Remove access' },
] as const

for (const { where, page: at, query, verb } of bulkRemovals)
  test(
    `revokes what several members made when they are removed ${where}, if that is selected`,
    { tag: '@nightly' },
    async ({ as, api, project, newcomer }) => {
      test.slow()
      const hooks = `/orgs/${project.org}/webhooks`
      const makers = await Promise.all(Array.from({ length: 4 }, () => newcomer('admin')))
      for (const maker of makers) {
        await api.post(`${project.url}/members`, { userId: maker.id, role: 'viewer' })
        const { request } = (await as(maker)).context()
        const theirs = apiWith(request, await createPersonalToken(request, project.org))
        await theirs.post(`${project.api}/tokens`, { name: maker.name, role: 'viewer' })
        await theirs.post(hooks, { url: `https://${project.slug}.example.com/${maker.id}`, projects: [project.slug] })
      }
      const [staying, revoked] = [makers.slice(0, 2), makers.slice(2)]
      const page = await as('organization owner')
      await page.goto(`${project.paths[at]}${query}`)
      for (const [some, isRevoked] of [
        [staying, false],
        [revoked, true],
      ] as const) {
        for (const { name } of some) await page.getByRole('checkbox', { name: `Select ${name}` }).click()
        await page.getByRole('button', { name: 'Remove…' }).click()
        const dialog = page.getByRole('dialog')
        for (const name of ['Revoke the project tokens they created', 'Delete the webhooks they created']) {
          const box = dialog.getByRole('checkbox', { name })
          await expect(box).not.toBeChecked()
          if (isRevoked) await box.click()
        }
        await expectNoViolations(page)
        await dialog.getByRole('button', { name: verb }).click()
        await expect(dialog.getByText('2 removed')).toBeVisible()
        await dialog.getByRole('button', { name: 'Close' }).last().click()
      }
      const tokens = await api.get<{ name: string }[]>(`${project.api}/tokens`)
      expect(tokens.map(({ name }) => name).toSorted()).toEqual(staying.map(({ name }) => name).toSorted())
      const webhooks = await api.get<{ id: string; url: string }[]>(`${hooks}?limit=200`)
      const left = webhooks.filter(({ url }) => url.includes(project.slug))
      expect(left.map(({ url }) => new URL(url).pathname.slice(1)).toSorted()).toEqual(staying.map(({ id }) => id).toSorted())
      // An organization has at most twenty, and the tests share one.
      for (const { id } of left) await api.delete(`${hooks}/${id}`)
    },
  )

test('names the members limited to a cell before it is deleted, and asks once more', async ({ as, api, project }) => {
  await api.post(`${project.api}/tokens`, { name: 'eu-reader', role: 'viewer', cellScopes: ['germany'] })
  const page = await as('admin')
  await page.goto(`${project.paths.catalog}?tab=cells&open=germany`)
  await page.getByRole('dialog', { name: 'germany' }).getByRole('button', { name: 'Delete…' }).click()
  const confirm = page.getByRole('alertdialog', { name: 'Delete the cell germany?' })
  const button = confirm.getByRole('button', { name: 'Delete cell' })
  await button.click()
  await expect(confirm.getByRole('list', { name: 'Limited to it' }).getByRole('listitem')).toHaveText([
    `the member ${emailOf('scoped member')}`,
    'the token eu-reader',
  ])
  await expect(button).toBeDisabled()
  await expectNoViolations(page)
  await confirm.getByRole('checkbox', { name: 'Delete it anyway' }).click()
  await button.click()
  await expectToast(page, 'The cell germany was deleted')
})

test('requires force to apply a document that moves such a cell, and says why', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(`${project.paths.apply}?edit=${encodeURIComponent('Cell/germany')}`)
  const editor = page.getByRole('textbox', { name: 'Document' })
  await expect(editor).toHaveValue(/germany/)
  await editor.fill('kind: Cell\nname: germany\nentityType: site\nparentCells: []\n')
  await page.getByRole('button', { name: 'Show difference', exact: true }).click()
  const refusal = page.getByRole('alert').filter({ hasText: 'This would change what people limited to cells can see' })
  await expect(refusal).toContainText(`the member ${emailOf('scoped member')}`)
  await refusal.getByRole('button', { name: 'Show difference with force' }).click()
  await expect(page.getByRole('checkbox', { name: 'Force' })).toBeChecked()
  await expect(page.getByRole('region', { name: 'What changes', exact: true })).toContainText('germany')
})
