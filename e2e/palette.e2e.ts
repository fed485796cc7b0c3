import type { Page } from '@playwright/test'
import { paths } from '#contract/paths'
import { expect, expectNoViolations, rowAction, test } from './fixtures.ts'
import { emailOf, names, organization } from './people.ts'

const scripts = '**/_next/static/chunks/*.js'
const palette = (page: Page) => page.getByRole('dialog', { name: 'Jump to' })
const field = (page: Page) => palette(page).getByRole('combobox')
const option = (page: Page, name: string | RegExp) => palette(page).getByRole('option', { name })
/** The group of a heading. */
const group = (page: Page, name: string) => palette(page).getByRole('group', { name })

async function openPalette(page: Page) {
  await page.keyboard.press('ControlOrMeta+k')
  await expect(field(page)).toBeFocused()
}

/** On a page whose buttons answer. */
async function ready(page: Page, path: string) {
  await page.goto(path)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByText(/^Loading/)).toHaveCount(0)
}

test('finds people, members, entities, cells and tokens while one types, by keys alone', async ({ as, api, project }) => {
  await api.post(`${project.api}/tokens`, { name: 'osaka-deploy' })
  await api.post(`${project.api}/cells`, { name: 'osaka-area', displayName: 'Around Osaka', entityType: 'site' })
  const page = await as('organization owner')
  await ready(page, project.paths.overview)
  await openPalette(page)
  await page.keyboard.type('OSAKA')
  await expect(group(page, 'Entities').getByRole('option', { name: /^osaka site, production/ })).toBeVisible()
  await expect(group(page, 'Tokens').getByRole('option', { name: /^osaka-deploy/ })).toBeVisible()
  await expect(group(page, 'Cells').getByRole('option', { name: /^osaka-area Around Osaka/ })).toBeVisible()
  await expectNoViolations(page)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/data\?env=production&entity=/)
  await expect(page.getByRole('dialog')).toContainText('osaka')
  await page.keyboard.press('Escape')
  await openPalette(page)
  await page.keyboard.type(names.viewer.slice(0, 6))
  await expect(group(page, 'Members').getByRole('option', { name: new RegExp(`^${names.viewer}`) })).toBeVisible()
  await expect(group(page, 'People').getByRole('option', { name: new RegExp(emailOf('viewer')) })).toBeVisible()
})

test('finds a person from a screen of the organization without a click', async ({ as }) => {
  const page = await as('organization owner')
  await ready(page, paths.projects(organization.slug))
  await openPalette(page)
  await page.keyboard.type(names.outsider)
  await expect(option(page, new RegExp(`^${names.outsider}`)).first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/settings\/people\/[^?]+$/)
  await expect(page.getByRole('heading', { name: names.outsider, level: 1 })).toBeVisible()
})

test('finds for a member of one cell only what they see, and asks for nothing that they are refused', async ({
  as,
  api,
  project,
}) => {
  await api.post(`${project.api}/tokens`, { name: 'osaka-deploy' })
  const page = await as('scoped member')
  const refused: string[] = []
  page.on('response', (answer) => void ([400, 403, 404].includes(answer.status()) && refused.push(answer.url())))
  await ready(page, project.paths.overview)
  await openPalette(page)
  for (const [text, seen] of [
    ['berlin', true],
    ['osaka', false],
    ['nowhere', false],
    ['tokyo', false],
  ] as const) {
    await field(page).fill(text)
    if (seen) await expect(group(page, 'Entities').getByRole('option', { name: new RegExp(`^${text}`) })).toBeVisible()
    else await expect(palette(page).getByText('Nothing matches')).toBeVisible()
  }
  expect(refused).toEqual([])
})

// Uses its own session, because a session views as one person at a time.
test('finds while viewing as a member what that member sees', async ({ as, newcomer, project }) => {
  const page = await as(await newcomer('admin'))
  await page.goto(project.paths.members)
  await rowAction(page, names['scoped member'], 'View as…')
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: `View as ${names['scoped member']}` })
    .click()
  const refused: string[] = []
  page.on('response', (answer) => void ([400, 403, 404].includes(answer.status()) && refused.push(answer.url())))
  await expect(page.getByRole('region', { name: 'Viewing as another person' })).toBeVisible()
  await ready(page, project.paths.overview)
  await openPalette(page)
  await field(page).fill('berlin')
  await expect(group(page, 'Entities').getByRole('option', { name: /^berlin/ })).toBeVisible()
  await field(page).fill('osaka')
  await expect(palette(page).getByText('Nothing matches')).toBeVisible()
  expect(refused).toEqual([])
})

test('takes signs, both forms of a letter and a text of any length', async ({ as, api, project }) => {
  for (const name of ['100%', 'a_b', 'Zoë']) await api.post(`${project.api}/envs/default/entities`, { entityType: 'site', name })
  const page = await as('owner')
  await ready(page, project.paths.overview)
  await openPalette(page)
  for (const [text, name] of [
    ['%', '100%'],
    ['_', 'a_b'],
    ['Zoe\u0308', 'Zoë'],
  ] as const) {
    await field(page).fill(text)
    await expect(group(page, 'Entities').getByRole('option')).toHaveText([new RegExp(`^${name}`)])
  }
  const asked: string[] = []
  page.on('request', (request) => void asked.push(request.url()))
  await field(page).fill('x'.repeat(10_000))
  await expect(palette(page).getByText('Nothing matches')).toBeVisible()
  expect(asked.filter((url) => url.includes('q='))).toEqual([])
  await expectNoViolations(page)
})

test('opens what an action is for, and says why one is not possible', { tag: '@nightly' }, async ({ as, project }) => {
  const page = await as('owner')
  await ready(page, project.paths.overview)
  await openPalette(page)
  await page.keyboard.type('nuke')
  await expect(option(page, /^Nuke project/)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alertdialog').or(page.getByRole('dialog'))).toContainText(/will be removed/)
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(project.paths.settings)
  await openPalette(page)
  await page.keyboard.type('create tok')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: /token/i })).toBeVisible()
  await page.keyboard.press('Escape')
  await openPalette(page)
  await page.keyboard.type('dark')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  const admin = await as('organization owner')
  await ready(admin, project.paths.overview)
  await openPalette(admin)
  await admin.keyboard.type('invite')
  await admin.keyboard.press('Enter')
  await expect(admin.getByRole('dialog', { name: 'Invite people' })).toBeVisible()
  await admin.keyboard.press('Escape')
  await expect(admin).toHaveURL(paths.organization(organization.slug).people)
  const other = await as('viewer')
  await ready(other, project.paths.overview)
  await openPalette(other)
  await other.keyboard.type('nuke')
  await expect(option(other, /^Nuke project/)).toHaveAttribute('aria-disabled', 'true')
  await expect(option(other, /^Nuke project/)).toContainText(/admin|owner/)
})

test('remembers where one went, for this person alone', { tag: '@nightly' }, async ({ as, newcomer, api, project }) => {
  const person = await newcomer()
  await api.post(`${project.url}/members`, { userId: person.id, role: 'viewer' })
  const page = await as(person)
  await ready(page, project.paths.overview)
  await openPalette(page)
  await expect(group(page, 'Recent')).toHaveCount(0)
  await page.keyboard.type('environm')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Environments', level: 1 })).toBeVisible()
  await openPalette(page)
  await page.keyboard.type('berlin')
  await expect(option(page, /^berlin/)).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/entity=/)
  await page.keyboard.press('Escape')
  await ready(page, project.paths.overview)
  await openPalette(page)
  // An entity may be out of a scope tomorrow.
  await expect(group(page, 'Recent').getByRole('option')).toHaveText([/^Environments/])
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Environments', level: 1 })).toBeVisible()
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage))
      if (key.startsWith('bulkhead.recents.')) localStorage.setItem(key, '[{"id":1},null]')
  })
  await ready(page, project.paths.overview)
  await openPalette(page)
  await expect(group(page, 'Recent')).toHaveCount(0)
})

test('loses no key that was typed before the palette was there', async ({ as, project }) => {
  const page = await as('owner')
  await ready(page, project.paths.members)
  const held = Promise.withResolvers<void>()
  await page.route(scripts, async (route) => {
    await held.promise
    await route.continue()
  })
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('g?/auditt')
  await page.keyboard.press('Backspace')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  held.resolve()
  await expect(field(page)).toHaveValue('g?/audit')
  await page.keyboard.type(' log')
  await expect(field(page)).toHaveValue('g?/audit log')
  await page.keyboard.press('Escape')
  await expect(palette(page)).toBeHidden()
})

test(
  'shows the shortcuts, focuses the filter and goes to screens by single keys',
  { tag: '@nightly' },
  async ({ as, project }) => {
    const page = await as('owner')
    await ready(page, project.paths.overview)
    await page.keyboard.press('?')
    const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await expect(list).toContainText('Members')
    await expectNoViolations(page)
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await expect(page).toHaveURL(project.paths.overview)
    await page.keyboard.press('Escape')
    await expect(list).toBeHidden()
    for (const [letter, title] of [
      ['m', 'Members'],
      ['t', 'Tokens'],
      ['a', 'Audit log'],
      ['u', 'People'],
      ['a', 'Audit log'],
      ['p', 'Projects'],
    ] as const) {
      await page.keyboard.press('g')
      await page.keyboard.press(letter)
      await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible()
    }
    await ready(page, project.paths.members)
    await page.keyboard.press('/')
    await expect(page.getByRole('searchbox')).toBeFocused()
    await page.keyboard.type('gm?/')
    await expect(page.getByRole('searchbox')).toHaveValue('gm?/')
    await ready(page, project.paths.environments)
    await page.keyboard.press('/')
    await expect(field(page)).toBeFocused()
  },
)

test('leaves single keys alone once they are turned off', async ({ as, project }) => {
  const page = await as('viewer')
  await ready(page, project.paths.overview)
  await page.keyboard.press('?')
  await page.getByRole('switch', { name: 'Single keys' }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.reload()
  await expect(page.getByText(/^Loading/)).toHaveCount(0)
  await page.keyboard.press('?')
  await page.keyboard.press('g')
  await page.keyboard.press('m')
  await openPalette(page)
  await expect(page).toHaveURL(project.paths.overview)
  await page.keyboard.type('shortcuts')
  await page.keyboard.press('Enter')
  await page.getByRole('switch', { name: 'Single keys' }).click()
})

test('names the key that opens the palette on this machine', async ({ as, project }) => {
  const page = await as('viewer')
  const button = page.getByRole('button', { name: 'Jump to…' })
  await ready(page, project.paths.overview)
  await expect(button).toContainText('Ctrl K')
  await page.addInitScript(() => Object.defineProperty(navigator, 'platform', { value: 'MacIntel' }))
  await ready(page, project.paths.overview)
  await expect(button).toContainText('⌘K')
})
