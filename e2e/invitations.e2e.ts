import type { Browser, Page } from '@playwright/test'
import { randomBytes } from 'node:crypto'
import { createOrganization } from '#domain/organizations/organizations'
import { paths } from '#contract/paths'
import { expect, expectNoViolations, expectRow, expectToast, row, rowAction, select, test, url } from './fixtures.ts'
import { emailOf, names, organization, password } from './people.ts'

const people = paths.organization(organization.slug).people
const address = () => `guest.${randomBytes(4).toString('hex')}@elsewhere.test`

/** Another browser, in which nobody is signed in. */
const elsewhere = async (browser: Browser) => (await browser.newContext({ baseURL: url, reducedMotion: 'reduce' })).newPage()

async function openInvite(page: Page) {
  await page.goto(people)
  await page.getByRole('button', { name: 'Invite people' }).click()
  return page.getByRole('dialog', { name: 'Invite people' })
}

/** Reads the links that the console shows after inviting, then closes the dialog. */
async function readLinks(page: Page) {
  const links = await page.getByRole('list', { name: 'Links' }).locator('code').allInnerTexts()
  await page.getByRole('button', { name: 'Done' }).click()
  return links.map((link) => new URL(link).pathname)
}

async function inviteByApi(api: { post: <T>(path: string, data: unknown) => Promise<T> }, email: string) {
  type Answer = { results: { invitation: { link: string } }[] }
  const { results } = await api.post<Answer>(`/orgs/${organization.slug}/invitations`, { invitations: [{ email }] })
  return new URL(results[0]!.invitation.link).pathname
}

test('invites a person to one cell of a project; they accept in another browser and see exactly that', async ({
  as,
  project,
  browser,
}) => {
  test.slow()
  const page = await as('organization admin')
  const email = address()
  const dialog = await openInvite(page)
  await dialog.getByLabel('Email addresses').fill(`${email}\nnonsense`)
  await dialog.getByRole('combobox', { name: 'Projects' }).fill(project.slug)
  await page.getByRole('option', { name: project.name }).click()
  const access = dialog.getByRole('group', { name: `Access to ${project.slug}` })
  await access.getByRole('combobox', { name: 'Role' }).click()
  await expect(page.getByRole('option', { name: /^Owner/ })).toHaveAttribute('aria-disabled', 'true')
  await page.getByRole('option', { name: /^Viewer/ }).click()
  await access.getByRole('combobox', { name: 'Environment' }).click()
  await page.getByRole('option', { name: 'default' }).click()
  await access.getByRole('radio', { name: 'Only these' }).click()
  await access.getByRole('combobox', { name: 'Cells to include' }).fill('germany')
  await page.getByRole('option', { name: /^germany/ }).click()
  await expect(access.getByRole('button', { name: 'Remove germany' })).toBeVisible()
  await page.keyboard.press('Tab')
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Send invitations' }).click()
  await expect(dialog.getByRole('alert')).toContainText('nonsense: The address must be an email address')
  await expect(dialog.getByLabel('Email addresses')).toHaveValue('nonsense')
  const second = address()
  await dialog.getByLabel('Email addresses').fill(second)
  await dialog.getByRole('button', { name: 'Send invitations' }).click()
  await expect(page.getByRole('dialog', { name: '2 people were invited' })).toBeVisible()
  await expectNoViolations(page)
  const [link] = await readLinks(page)
  await expectRow(page, email, { Projects: project.slug, State: 'Pending', 'Invited by': names['organization admin'] })

  const guest = await elsewhere(browser)
  await guest.goto(link!)
  await expect(guest.getByRole('heading', { name: `Join ${organization.name}` })).toBeVisible()
  await expect(guest.getByRole('list', { name: 'You will join' })).toContainText(project.name)
  await expect(guest).toHaveTitle(/Invitation/)
  await expectNoViolations(guest)
  await guest.setViewportSize({ width: 360, height: 740 })
  expect(await guest.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await guest.getByLabel('Your name').fill('Gunda Guest')
  await guest.getByLabel('Password').fill('short')
  await guest.getByRole('button', { name: 'Create account and accept' }).click()
  await expect(guest.getByText('must be at least 12 characters')).toBeVisible()
  await expect(guest.getByLabel('Your name')).toHaveValue('Gunda Guest')
  await guest.getByLabel('Password').fill(password)
  await guest.getByRole('button', { name: 'Create account and accept' }).click()
  await expect(guest).toHaveURL(paths.projects(organization.slug))
  await guest.setViewportSize({ width: 1280, height: 800 })
  await expectRow(guest, project.name)

  const seen: { name: string }[] = await (await guest.request.get(`${project.api}/envs/default/entities`)).json()
  expect(seen.map(({ name }) => name).toSorted()).toEqual(['berlin', 'hamburg'])
  expect((await guest.request.get(`${project.api}/envs/production/entities`)).status()).toBe(404)
  await page.goto(project.paths.members)
  await expectRow(page, 'Gunda Guest', { Role: 'Viewer', Environment: 'default', Cells: 'germany' })
  await page.goto(people)
  await expect(row(page, second)).toBeVisible()
  await expect(row(page, email)).toBeHidden()

  // The console showed the link, so anybody who saw it could have created this account.
  await page.getByRole('searchbox').fill('Gunda Guest')
  await expect(row(page, 'Gunda Guest')).toContainText('not verified')
  await expect(row(page, 'Gunda Guest').getByTitle('Nobody has proven that this address is theirs.')).toBeVisible()
  await guest.goto(paths.organization(organization.slug).signIn)
  const unverified = guest.getByRole('region', { name: 'Your address isn’t verified' })
  await expectNoViolations(guest)
  await unverified.getByRole('button', { name: 'Verify address' }).click()
  await expect(unverified).toContainText(/A link was sent|Email isn’t configured/)
  await expect(unverified.getByRole('button')).toHaveCount(0)

  await guest.goto(link!)
  await expect(guest.getByRole('heading', { name: 'This invitation was already used or revoked' })).toBeVisible()
  await expectNoViolations(guest)
})

test('invites everybody in a list that was pasted from a mail program, and keeps what is no address', async ({ as }) => {
  const page = await as('organization admin')
  const dialog = await openInvite(page)
  const field = dialog.getByLabel('Email addresses')
  const [jane, john, jo, excel] = [address(), address(), address(), address()]
  await field.fill(`"Doe, Jane" <${jane}>; John Roe <${john}>`)
  await dialog.getByRole('button', { name: 'Send invitations' }).click()
  await expect(page.getByRole('dialog', { name: '2 people were invited' })).toBeVisible()
  expect(await readLinks(page)).toHaveLength(2)

  await page.getByRole('button', { name: 'Invite people' }).click()
  await field.fill(`Only a name\u00a0\nשלום\nmailto:${jo}, ${jo.toUpperCase()}\nJane Doe\t${excel}\t`)
  await dialog.getByRole('button', { name: 'Send invitations' }).click()
  await expect(dialog.getByRole('alert')).toContainText('2 invited, 2 not')
  await expect(dialog.getByRole('alert')).toContainText('שלום: The address must be an email address')
  await expect(field).toHaveValue('Only a name\nשלום')
  await expectNoViolations(page)
  await field.fill(Array.from({ length: 10_000 }, (_, i) => `person.${i}@elsewhere.test`).join('; '))
  await dialog.getByRole('button', { name: 'Send invitations' }).click()
  await expect(field).toHaveAccessibleDescription(/These are 10,000 addresses\. Enter at most 200 at once\./)
  await field.fill('nobody, at all')
  await dialog.getByRole('button', { name: 'Send invitations' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Nobody was invited')
})

test('tells removed members on their next click in an open page', { tag: '@nightly' }, async ({ as, newcomer }) => {
  const person = await newcomer()
  const [page, theirs] = [await as('organization owner'), await as(person)]
  await theirs.goto(`${people}?q=${person.email}`)
  await expectRow(theirs, person.name, { 'Last seen': 'now' })
  await page.goto(people)
  await page.getByRole('searchbox').fill(person.name)
  await rowAction(page, person.name, 'Remove from organization…')
  await expectNoViolations(page)
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove person' }).click()
  await expectToast(page, `${person.name} was removed`)
  await expect(row(page, person.name)).toBeHidden()
  await theirs.getByRole('link', { name: 'Projects', exact: true }).first().click()
  await expect(theirs.getByText('No such organization')).toBeVisible()
  await expect(theirs.getByText('your access may have ended')).toBeVisible()
})

test('lets an admin change roles except an owner’s, and a viewer none', async ({ as, newcomer }) => {
  const person = await newcomer('viewer')
  const page = await as('organization admin')
  await page.goto(`${people}?q=${person.email}`)
  await rowAction(page, person.name, 'Change role…')
  // The page has a filter by role as well, which the dialog covers.
  await expect(page.getByRole('dialog', { name: `Role of ${person.name}` })).toBeVisible()
  await select(page, 'Role', /^Admin/)
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Change role' }).click()
  await expectToast(page, `The role of ${person.name} was changed`)
  await expectRow(page, person.name, { Role: 'Admin' })
  await page.goto(`${people}?q=${emailOf('organization owner')}`)
  await row(page, names['organization owner'])
    .getByRole('button', { name: /^Actions for/ })
    .click()
  const change = page.getByRole('menuitem', { name: /^Change role/ })
  await expect(change).toHaveAttribute('aria-disabled', 'true')
  await expect(change).toContainText('Only an owner of the organization may')

  const viewer = await as('viewer')
  await viewer.goto(`${people}?q=${person.email}`)
  await row(viewer, person.name)
    .getByRole('button', { name: /^Actions for/ })
    .click()
  await expect(viewer.getByRole('menuitem', { name: /^Remove from organization/ })).toHaveAttribute('aria-disabled', 'true')
  await viewer.keyboard.press('Escape')
  await expect(viewer.getByRole('button', { name: 'Invite people' })).toBeDisabled()
})

test('lets a person leave, and sends an invitation again and revokes it', async ({ as, newcomer, api, browser }) => {
  const email = address()
  const link = await inviteByApi(api, email)
  const page = await as('organization owner')
  await page.goto(people)
  await rowAction(page, email, 'Send again…')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Send again' }).click()
  await expectToast(page, `${email} was invited again`)
  await rowAction(page, email, 'Revoke…')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke invitation' }).click()
  await expect(row(page, email)).toBeHidden()
  const guest = await elsewhere(browser)
  await guest.goto(link)
  await expect(guest.getByRole('heading', { name: 'This invitation was already used or revoked' })).toBeVisible()

  const leaver = await newcomer()
  const theirs = await as(leaver)
  await theirs.goto(`${people}?q=${leaver.email}`)
  await rowAction(theirs, leaver.name, 'Leave organization…')
  await theirs.getByRole('alertdialog').getByRole('button', { name: 'Leave organization' }).click()
  await expect(theirs).not.toHaveURL(new RegExp(people))
  await page.goto(`${people}?q=${leaver.email}`)
  await expect(page.getByText(/^Nobody matches/)).toBeVisible()
  await expect(row(page, leaver.name)).toBeHidden()
})

test('says that the mail of an invitation failed, and what the mail server answered', async ({ as, api, database }) => {
  const email = address()
  await inviteByApi(api, email)
  const answer = '550 5.1.1 No such mailbox'
  await database
    .updateTable('invitations')
    .set({ mail_failed_at: new Date().toISOString(), mail_failure: answer })
    .where('email', '=', email)
    .execute()
  const page = await as('organization owner')
  await page.goto(people)
  const invitation = row(page, new RegExp(email))
  await expect(invitation).toContainText('Email failed')
  await expect(invitation.getByText(answer)).toBeVisible()
  await expectNoViolations(page)
})

test('tells a person who is signed in as somebody else, who then switches and accepts with their existing password', async ({
  as,
  database,
  newcomer,
  api,
}) => {
  const person = await newcomer()
  const other = await createOrganization(database, {
    slug: `other-${randomBytes(4).toString('hex')}`,
    name: 'Other',
    owner: person,
  })
  const mine = await as(person)
  const invited = await newcomer()
  const link = await (async () => {
    type Answer = { results: { invitation: { link: string } }[] }
    const answer = await mine.request.post(`/orgs/${other.slug}/invitations`, {
      data: { invitations: [{ email: invited.email }] },
      headers: { origin: url },
    })
    const { results }: Answer = await answer.json()
    return new URL(results[0]!.invitation.link).pathname
  })()
  await mine.goto(link)
  await expect(mine.getByText(`You are signed in as ${person.email}`)).toBeVisible()
  await expectNoViolations(mine)
  await mine.getByRole('button', { name: 'Sign out and continue' }).click()
  await expect(mine).toHaveURL(link)
  await mine.getByRole('tab', { name: 'I have an account' }).click()
  await expectNoViolations(mine)
  await mine.getByLabel('Password').fill('not the password')
  await mine.getByRole('button', { name: 'Sign in and accept' }).click()
  await expect(mine.getByText('Incorrect email or password')).toBeVisible()
  await mine.getByLabel('Password').fill(password)
  await mine.getByRole('button', { name: 'Sign in and accept' }).click()
  await expect(mine).toHaveURL(paths.projects(other.slug))

  const signedIn = await as('viewer')
  await signedIn.goto(await inviteByApi(api, address()))
  await expect(signedIn.getByText(`You are signed in as ${emailOf('viewer')}`)).toBeVisible()
})

test('lets an owner rename the organization, and shows a viewer why they cannot', async ({ as, database, newcomer }) => {
  const person = await newcomer()
  const slug = `named-${randomBytes(4).toString('hex')}`
  await createOrganization(database, { slug, name: 'Before', owner: person })
  const page = await as(person)
  await page.goto(paths.organization(slug).general)
  await page.getByRole('textbox', { name: 'Name' }).fill('Afterwards')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'Breadcrumb' }).getByText('Afterwards')).toBeVisible()
  const viewer = await as('viewer')
  await viewer.goto(paths.organization(organization.slug).general)
  await expect(viewer.getByText('Only an owner or admin of the organization may change its settings').first()).toBeVisible()
  await expect(viewer.getByRole('button', { name: 'Save changes' })).toBeDisabled()
})
