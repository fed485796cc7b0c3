import type { Page } from '@playwright/test'
import { paths } from '#contract/paths'
import { expect, expectNoViolations, expectRow, rowAction, test } from './fixtures.ts'
import { emailOf, names, organization } from './people.ts'

const banner = (page: Page) => page.getByRole('region', { name: 'Viewing as another person' })

// Uses its own session, because a session views as one person at a time.
test('shows an admin the project as a member of one cell sees it, read-only, until they stop', async ({
  as,
  newcomer,
  project,
}) => {
  const page = await as(await newcomer('admin'))
  await page.goto(`${project.paths.data}?env=default`)
  await expectRow(page, 'tokyo')

  await page.goto(project.paths.members)
  await rowAction(page, names['scoped member'], 'View as…')
  const dialog = page.getByRole('alertdialog', { name: `View ${project.slug} as ${names['scoped member']}?` })
  await expect(dialog).toContainText('is recorded in the audit log')
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: `View as ${names['scoped member']}` }).click()
  await expect(banner(page)).toContainText(`You see ${project.name} as ${names['scoped member']}. You can’t change anything`)
  await expectNoViolations(page)

  await page.goto(`${project.paths.data}?env=default`)
  await expectRow(page, 'berlin')
  await expect(page.getByRole('rowheader', { name: 'tokyo' })).toBeHidden()
  await expect(page.getByRole('button', { name: 'Create entity' })).toHaveAccessibleDescription(
    /Stop viewing to do anything else/,
  )
  for (const path of [project.paths.overview, project.paths.members, project.paths.catalog, project.paths.settings]) {
    await page.goto(path)
    await expect(banner(page)).toBeVisible()
  }
  await page.reload()
  await expect(banner(page)).toBeVisible()
  const refused: string[] = []
  page.on('response', (answer) => void (answer.status() === 403 && refused.push(answer.url())))
  const { people, signIn, sessions, general } = paths.organization(organization.slug)
  for (const path of [people, signIn, sessions, general]) {
    await page.goto(path)
    await expect(banner(page)).toBeVisible()
    await expect(page.getByText('To do anything else, stop viewing').filter({ visible: true })).toBeVisible()
  }
  expect(refused, 'asked for, and refused').toEqual([])
  await expectNoViolations(page)

  await banner(page).getByRole('button', { name: 'Stop viewing' }).click()
  await expect(banner(page)).toBeHidden()
  await page.goto(`${project.paths.data}?env=default`)
  await expectRow(page, 'tokyo')
  await page.goto(project.paths.audit)
  await expect(page.getByRole('row', { name: /member\.viewed/ })).toContainText(emailOf('scoped member'))
})

test('shows an owner what a token can do, and which rule decides it', async ({ as, api, project }) => {
  const rights = { name: 'roll-out', role: 'admin', cellScopes: ['europe'] }
  await api.post(`${project.api}/tokens`, rights)
  await api.put(`${project.url}/protection`, { protected: true, reason: 'Migration' })
  const page = await as('owner')
  await page.goto(project.paths.tokens)
  await rowAction(page, 'roll-out', 'View access')
  await expect(page.getByRole('heading', { name: 'roll-out', level: 1 })).toBeVisible()
  const facts = page.getByRole('region', { name: 'Access' })
  await expect(facts).toContainText('Set when this project token was created')
  await expect(facts).toContainText('europe')
  const permission = (words: string) =>
    page.getByRole('region', { name: 'Permissions' }).getByRole('listitem').filter({ hasText: words })
  await expect(permission('Change data')).toContainText('Token role')
  const limited = page.getByRole('region', { name: /^Not allowed: .* limited to .* can’t administer the project/ })
  await expect(limited).toContainText('Cells')
  await expect(limited.getByRole('listitem').filter({ hasText: 'Manage members' })).toBeVisible()
  await page.getByLabel('Entity', { exact: true }).fill('tokyo')
  await page.getByRole('button', { name: 'Check' }).click()
  await expect(page.getByText('Outside the cells.')).toBeVisible()
  await expectNoViolations(page)

  await page.goto(project.paths.member(project.userId('owner')))
  const shielded = page.getByRole('region', { name: /^Not allowed: .*Migration/ })
  await expect(shielded).toContainText('Protected')
  await expect(shielded.getByRole('listitem')).toHaveText([/Nuke the data/, /Delete the project/])
})
