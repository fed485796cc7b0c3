import { paths } from '#contract/paths'
import { expect, expectNoViolations, expectRow, expectToast, row, rowAction, test } from './fixtures.ts'
import { emailOf, names, organization } from './people.ts'

const to = paths.organization(organization.slug)

test('shows a personal token once, which acts as its person until it is revoked', async ({ as, newcomer, request }) => {
  const person = await newcomer()
  const page = await as(person)
  await page.goto(to.personalTokens)
  await page.getByRole('button', { name: 'Create personal token' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Create personal token' })
  await dialog.getByLabel('Name').fill('laptop')
  await dialog.getByRole('button', { name: '7 days' }).click()
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Create personal token' }).click()
  const created = page.getByRole('dialog', { name: 'Token laptop' })
  const token = await created.getByLabel('The token').innerText()
  await expectNoViolations(page)
  await created.getByRole('button', { name: 'Done' }).click()
  await expectRow(page, 'laptop', { Expires: /in [67] days/, 'Last used': 'Never' })

  const me = () => request.get('/me', { headers: { authorization: `Bearer ${token}` } })
  expect(await (await me()).json()).toMatchObject({ email: person.email })
  await page.reload()
  await expectRow(page, 'laptop')
  await expect(page.getByText(token)).toBeHidden()
  await rowAction(page, 'laptop', 'Revoke…')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke token' }).click()
  await expectToast(page, 'Revoked laptop')
  await expect(row(page, 'laptop')).toBeHidden()
  expect((await me()).status()).toBe(401)
})

test('lists the people to everybody in the organization', async ({ as }) => {
  const page = await as('viewer')
  await page.goto(to.people)
  await page.getByRole('searchbox', { name: 'Find by name or email' }).fill('vera')
  await expectRow(page, names.viewer, { Email: emailOf('viewer'), Role: 'Viewer' })
  await expect(row(page, names.owner)).toBeHidden()
  await page.reload()
  await expectRow(page, names.viewer)
  await page.getByRole('searchbox').fill('no such person')
  await expect(page.getByText('Nobody matches “no such person”')).toBeVisible()
  await expectNoViolations(page)
})

test('shows the organization’s usage in figures to all its members', async ({ as }) => {
  const page = await as('viewer')
  await page.goto(to.general)
  const usage = page.getByRole('list', { name: 'Usage' })
  await expect(usage.getByRole('listitem')).toHaveText([
    /^Projects\d+ of 1,000$/,
    /^People\d+ of 10,000$/,
    /^Tokens\d+ of 10,000$/,
    /^Rows[\d,]+ of 100,000,000$/,
  ])
  await expectNoViolations(page)
})
