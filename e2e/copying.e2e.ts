import type { Page } from '@playwright/test'
import { randomBytes } from 'node:crypto'
import { paths } from '#contract/paths'
import { expect, expectNoViolations, expectToast, rowAction, test } from './fixtures.ts'
import { organization } from './people.ts'

/** As on a page that is served over plain HTTP. */
const withoutClipboard = (page: Page) =>
  page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined }))

const refusing = (page: Page) => page.evaluate(() => Object.assign(document, { execCommand: () => false }))

async function paste(page: Page) {
  const field = page
    .getByRole('combobox', { name: /^Find|^Search/ })
    .or(page.getByRole('searchbox'))
    .first()
  await field.fill('')
  await field.press('Control+V')
  return field.inputValue()
}

test('copies without the clipboard of HTTPS', async ({ as, project }) => {
  const page = await as('owner', { isNew: true })
  await withoutClipboard(page)
  await page.goto(project.paths.settings)
  await page.getByRole('button', { name: 'Copy slug' }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  await page.goto(project.paths.members)
  expect(await paste(page)).toBe(project.slug)
})

test('copies a token in its dialog, and shows it selected where the browser refuses', async ({ as, project }) => {
  const page = await as('owner', { isNew: true })
  await withoutClipboard(page)
  await page.goto(project.paths.tokens)
  await page.getByRole('button', { name: 'Create token', exact: true }).first().click()
  await page.getByRole('dialog').getByLabel('Name').fill('deploy')
  await page.getByRole('dialog').getByRole('button', { name: 'Create token' }).click()
  const created = page.getByRole('dialog', { name: 'Token deploy' })
  const token = await created.getByLabel('The token').innerText()
  await created.getByRole('button', { name: 'Copy token' }).click()
  await expect(created.getByRole('button', { name: 'Copied' })).toBeVisible()

  await refusing(page)
  await created.getByRole('button', { name: 'Copy command' }).click()
  const byHand = page.getByRole('dialog', { name: 'Copy command yourself' })
  await expect(byHand).toContainText('Press Ctrl+C')
  await expect(byHand.getByRole('textbox')).toBeFocused()
  await expect(byHand.getByRole('textbox')).toHaveValue(new RegExp(token))
  expect(await page.evaluate(() => getSelection()?.toString())).toContain(token)
  await expectNoViolations(page)
  await page.keyboard.press('Escape')
  await expect(byHand).toBeHidden()
  await expect(created).toBeVisible()
})

test('copies the link of an invitation from its menu, or shows it', async ({ as, api }) => {
  const email = `guest.${randomBytes(4).toString('hex')}@elsewhere.test`
  await api.post(`/orgs/${organization.slug}/invitations`, { invitations: [{ email }] })
  const page = await as('organization owner', { isNew: true })
  await withoutClipboard(page)
  await page.goto(paths.organization(organization.slug).people)
  await rowAction(page, email, 'Copy link')
  await expectToast(page, 'Link copied')
  expect(await paste(page)).toContain('/invite/')
  await page.reload()
  await refusing(page)
  await rowAction(page, email, 'Copy link')
  await expect(page.getByRole('dialog', { name: 'Copy link yourself' }).getByRole('textbox')).toHaveValue(/\/invite\//)
})
