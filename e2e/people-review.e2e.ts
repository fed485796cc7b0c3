import { paths } from '#contract/paths'
import { expect, expectNoViolations, expectRow, expectToast, row, rowAction, select, test } from './fixtures.ts'
import { names, organization } from './people.ts'

const review = paths.organization(organization.slug).accessReview

test('shows people with what they have, filtered by chips that count', async ({ as, project, newcomer }) => {
  const person = await newcomer()
  const page = await as('organization admin')
  await page.goto(review)
  const chip = page.getByRole('button', { name: /^Never signed in/ })
  await chip.click()
  await expect(chip).toHaveAttribute('aria-pressed', 'true')
  await expect(page).toHaveURL(/mark=never-signed-in/)
  await page.getByRole('searchbox').fill(person.email)
  await expectRow(page, person.name, { Risk: 'Never signed in', 'Last seen': 'Never', Reviewed: 'Never' })
  await expectNoViolations(page)
  await chip.click()
  await page.getByRole('searchbox').fill(names['scoped member'])
  await expect(row(page, names['scoped member']).getByRole('listitem').first()).toBeVisible()
  await row(page, names['scoped member']).getByRole('link', { name: names['scoped member'] }).click()
  await expect(page).toHaveURL(paths.organization(organization.slug).person(project.userId('scoped member')))
})

test('marks a person as reviewed, and says when what they have has changed since', async ({ as, api, project, newcomer }) => {
  const person = await newcomer()
  const page = await as('organization owner')
  await page.goto(`${review}?q=${person.email}`)
  await rowAction(page, person.name, 'Mark as reviewed')
  await expectToast(page, '1 person marked as reviewed')
  await expectRow(page, person.name, { Reviewed: `by ${names['organization owner']}` })
  await api.post(`${project.url}/members`, { userId: person.id, role: 'viewer' })
  await page.reload()
  await expectRow(page, person.name, { Reviewed: 'Changed since', 'Has access to': project.name })
  await select(page, 'Review', 'Changed since the review')
  await expectRow(page, person.name)
  await expectNoViolations(page)
})

test('refuses to mark what has changed while it was open, and shows it anew', async ({ as, api, project, newcomer }) => {
  const people = [await newcomer(), await newcomer()]
  const page = await as('organization owner')
  await page.goto(`${review}?q=nina&mark=never-signed-in`)
  for (const { name } of people) await page.getByRole('checkbox', { name: `Select ${name}` }).click()
  await api.post(`${project.url}/members`, { userId: people[0]!.id, role: 'viewer' })
  await page.getByRole('button', { name: 'Mark as reviewed' }).click()
  await expectToast(page, '1 person marked as reviewed')
  await expect(page.getByText(`What ${people[0]!.name} has changed since you opened it`)).toBeVisible()
  await expectRow(page, people[0]!.name, { Reviewed: 'Never', 'Has access to': project.name })
})

test('leads to every access by itself, and exports what is filtered', async ({ as }) => {
  const page = await as('organization admin')
  await page.goto(`${review}?mark=everything`)
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'CSV' }).click()])
  expect(download.suggestedFilename()).toBe(`${organization.slug}-people-review.csv`)
  await page.getByRole('link', { name: 'All access' }).click()
  await expect(page.getByRole('table', { name: 'Access' })).toBeVisible()
  await expect(page).toHaveURL(paths.organization(organization.slug).allAccess)
})

test('tells who may review', async ({ as }) => {
  const page = await as('viewer')
  await page.goto(review)
  await expect(page.getByText('Only people who manage access can review it')).toBeVisible()
  await expect(page.getByRole('table')).toBeHidden()
})
