import { expect, expectNoViolations, expectRow, expectToast, rowAction, test } from './fixtures.ts'
import { names } from './people.ts'
import { counts } from './sample-project.ts'

interface Named {
  name: string
}

test('previews what a member will see before an owner saves a cell scope; then the member sees exactly that', async ({
  as,
  project,
}) => {
  const [page, member] = [await as('owner'), await as('member')]
  await page.goto(project.paths.members)
  await rowAction(page, names.member, 'Change access…')
  const panel = page.getByRole('dialog', { name: `Access of ${names.member}` })
  await expect(panel.getByText(`sees ${counts.entities} of ${counts.entities} entities`)).toBeVisible()
  await panel.getByRole('radio', { name: 'Only these cells' }).click()
  await expect(panel.getByText('can’t see any entities')).toBeVisible()
  await expectNoViolations(page)

  const cell = (name: string) =>
    panel.getByRole('listitem').filter({ has: page.getByRole('checkbox', { name: new RegExp(`^${name}`) }) })
  await expect(cell('asia')).toContainText(`${counts.asia} entities`)
  await cell('europe').getByRole('checkbox').click()
  await expect(panel.getByText(`will see ${counts.europe} of ${counts.entities} entities (now ${counts.entities})`)).toBeVisible()
  await expect(cell('germany')).toContainText('included in europe')
  await expectNoViolations(page)
  await panel.getByRole('button', { name: 'Save access' }).click()
  await expectToast(page, `The access of ${names.member} was changed`)
  await expectRow(page, names.member, { Cells: 'europe' })

  const seen = async (env: string) => {
    const entities: Named[] = await (await member.request.get(`${project.api}/envs/${env}/entities`)).json()
    return entities.map(({ name }) => name).toSorted()
  }
  expect(await seen('default')).toEqual(['berlin', 'hamburg', 'paris'])
  expect(await seen('production')).toEqual(['munich'])
  await member.goto(project.paths.overview)
  await expect(member.getByRole('list', { name: 'Cells by fullness' })).toContainText(`${counts.europe} entities`)
})

test('lets an owner name a cell that the catalog does not have', async ({ as, project }) => {
  const page = await as('admin')
  await page.goto(project.paths.members)
  await rowAction(page, names['scoped member'], 'Change access…')
  const panel = page.getByRole('dialog', { name: `Access of ${names['scoped member']}` })
  await panel.getByRole('searchbox').fill('antarctica')
  await panel.getByRole('button', { name: 'Add anyway' }).click()
  await panel.getByRole('button', { name: 'Remove europe' }).click()
  await expect(panel.getByText(`will see 0 of ${counts.entities} entities (now ${counts.europe})`)).toBeVisible()
  await panel.getByRole('button', { name: 'Save access' }).click()
  await expectRow(page, names['scoped member'], { Cells: 'antarctica' })
})

test('restores full access when all cells are chosen again', async ({ as, project }) => {
  const [page, member] = [await as('owner'), await as('scoped member')]
  await page.goto(project.paths.members)
  await rowAction(page, names['scoped member'], 'Change access…')
  const panel = page.getByRole('dialog')
  await panel.getByRole('radio', { name: 'All cells' }).click()
  await expect(panel.getByText(`will see ${counts.entities} of ${counts.entities} entities (now ${counts.europe})`)).toBeVisible()
  await panel.getByRole('button', { name: 'Save access' }).click()
  await expectRow(page, names['scoped member'], { Cells: 'All cells' })
  const answer = await member.request.get(`${project.api}/envs/default/entities`)
  expect(await answer.json()).toHaveLength(counts.default)
})

test('explains in the panel why the last owner cannot be scoped', async ({ as, api, project }) => {
  await api.delete(`${project.url}/members/${project.userId('organization owner')}`)
  const page = await as('owner')
  await page.goto(project.paths.members)
  await rowAction(page, names.owner, 'Change access…')
  const panel = page.getByRole('dialog', { name: `Access of ${names.owner}` })
  await panel.getByRole('radio', { name: 'Only these cells' }).click()
  await panel.getByRole('button', { name: 'Save access' }).click()
  await expect(panel.getByRole('alert').filter({ hasText: 'A project must keep one permanent owner' })).toBeVisible()
  await expectNoViolations(page)
})
