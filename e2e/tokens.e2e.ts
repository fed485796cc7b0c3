import { expect, expectNoViolations, expectRow, expectToast, row, rowAction, select, test } from './fixtures.ts'

test('shows a token once, which works in the API within its limits until it is revoked', async ({ as, project, request }) => {
  const page = await as('admin')
  await page.goto(project.paths.tokens)
  await expect(page.getByText('No tokens yet')).toBeVisible()
  await page.getByRole('button', { name: 'Create token' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Create token' })
  await dialog.getByLabel('Name').fill('deploy pipeline')
  await select(page, 'Role', /^Viewer/)
  await select(page, 'Environment', 'production')
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Create token' }).click()

  const created = page.getByRole('dialog', { name: 'Token deploy pipeline' })
  const token = await created.getByLabel('The token').innerText()
  expect(token).toMatch(/^bhp_/)
  await expectNoViolations(page)
  await created.getByRole('button', { name: 'Done' }).click()
  await expectRow(page, 'deploy pipeline', { Role: 'Viewer', Environment: 'production', 'Last used': 'Never', Expires: 'Never' })
  await expect(page.getByText(token)).toBeHidden()

  const headers = { authorization: `Bearer ${token}` }
  const read = async (env: string) => (await request.get(`${project.api}/envs/${env}/entities`, { headers })).status()
  expect(await read('production')).toBe(200)
  expect(await read('default')).toBe(404)
  await page.reload()
  await expectRow(page, 'deploy pipeline', { 'Last used': /(just now|second|minute).*from 127\.0\.0\.1/s })
  await expect(page.getByText(token)).toBeHidden()

  await rowAction(page, 'deploy pipeline', 'Revoke…')
  await expectNoViolations(page)
  await page.getByRole('alertdialog', { name: 'Revoke deploy pipeline?' }).getByRole('button', { name: 'Revoke token' }).click()
  await expectToast(page, 'The token deploy pipeline was revoked')
  await expect(row(page, 'deploy pipeline')).toBeHidden()
  expect(await read('production')).toBe(401)
})

test('rotates a token, and ends the old one at once on request', async ({ as, api, project, request }) => {
  const old = await api.post<{ token: string }>(`${project.api}/tokens`, { name: 'ci', role: 'admin' })
  const page = await as('owner')
  await page.goto(project.paths.tokens)
  await rowAction(page, 'ci', 'Rotate…')
  const dialog = page.getByRole('alertdialog', { name: 'Rotate ci?' })
  await dialog.getByRole('radio', { name: 'Ends immediately' }).click()
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Rotate token' }).click()
  const created = page.getByRole('dialog', { name: 'Token ci' })
  await expect(created.getByText('The old token no longer works.')).toBeVisible()
  const token = await created.getByLabel('The token').innerText()
  const status = async (secret: string) =>
    (await request.get(`${project.api}/stats`, { headers: { authorization: `Bearer ${secret}` } })).status()
  expect(await status(token)).toBe(200)
  expect(await status(old.token)).toBe(401)
})

test('shows in place why the server refused a form', async ({ as, project }) => {
  const page = await as('owner')
  await page.goto(project.paths.tokens)
  await page.getByRole('button', { name: 'Create token' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Create token' })
  await dialog.getByRole('button', { name: 'Create token' }).click()
  await expect(dialog.getByLabel('Name')).toHaveAccessibleDescription(/Enter a name/)
  await expect(dialog.getByLabel('Name')).toBeFocused()
})

test('tells a member who can see the tokens', async ({ as, project }) => {
  const page = await as('member')
  await page.goto(project.paths.tokens)
  await expect(page.getByText('Only people who manage tokens can see them')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Create token' })).toBeDisabled()
  await expect(page.getByRole('button', { name: 'Create token' })).toHaveAccessibleDescription(/may manage tokens/)
  await expectNoViolations(page)
})

test('binds a token to addresses, refuses it elsewhere, and reports an invalid address before sending', async ({
  as,
  project,
  request,
}) => {
  const page = await as('admin')
  await page.goto(project.paths.tokens)
  await page.getByRole('button', { name: 'Create token' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Create token' })
  await dialog.getByLabel('Name').fill('data center')
  const addresses = dialog.getByLabel('Allowed IP addresses')
  await addresses.fill('203.0.113.0/24, everywhere')
  await dialog.getByRole('button', { name: 'Create token' }).click()
  await expect(dialog.getByText(/^everywhere must be an IP address or network such as/)).toBeVisible()
  await addresses.fill('203.0.113.0/24, 2001:db8::/32')
  await dialog.getByRole('button', { name: 'Create token' }).click()

  const created = page.getByRole('dialog', { name: 'Token data center' })
  const token = await created.getByLabel('The token').innerText()
  await created.getByRole('button', { name: 'Done' }).click()
  await expectRow(page, 'data center', { Name: /only from 203\.0\.113\.0\/24 and 1 more/, 'Last used': 'Never' })
  const headers = { authorization: `Bearer ${token}` }
  expect((await request.get(`${project.api}/envs/default/entities`, { headers })).status()).toBe(401)
  await page.reload()
  await expectRow(page, 'data center', { 'Last used': 'Never' })
  await expectNoViolations(page)
})
