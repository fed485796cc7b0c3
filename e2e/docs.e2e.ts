import { paths } from '#contract/paths'
import { expect, expectNoViolations, test } from './fixtures.ts'

test('shows the API’s documentation to anybody, who can find an operation in it', async ({ page }) => {
  await page.goto(paths.docs)
  await expect(page).toHaveTitle(/API/)
  await page.getByRole('complementary', { name: 'Contents' }).getByRole('searchbox').fill('nuke preview')
  const found = page.getByRole('complementary', { name: 'Contents' }).getByRole('link')
  await expect(found).toHaveText(['Nuke', /Preview what a nuke would remove/])
  await expect(page).toHaveURL(/q=nuke/)
  await expectNoViolations(page, ['header', 'aside', 'main'])
  await found.nth(1).click()
  await expect(page.getByRole('heading', { name: /Preview what a nuke would remove/ })).toBeInViewport()
  await expect(page).toHaveTitle(/Nuke · API/)
  await expectNoViolations(page, ['header', 'aside', 'main'])
  await page.getByRole('link', { name: 'Introduction' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Bulkhead Org API' })).toBeVisible()
})

test('leads to a guide, on to another one, and back', { tag: '@nightly' }, async ({ page }) => {
  await page.goto(paths.docs)
  await page.getByRole('main').getByRole('link', { name: 'Webhooks', exact: true }).first().click()
  await expect(page).toHaveTitle(/^Webhooks/)
  await expectNoViolations(page, ['header', 'aside', 'main'])
  await page.getByRole('main').getByRole('link', { name: 'BULKHEAD_WEBHOOK_ALLOWED_HOSTS' }).click()
  await expect(page.getByRole('heading', { name: 'Mail, links and webhooks' })).toBeInViewport()
  await page.getByRole('link', { name: 'Introduction' }).click()
  await expect(page.getByRole('heading', { name: 'Guides' })).toBeVisible()
})

test('does not scroll the documentation sideways at 360 px', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  for (const path of [paths.docs, paths.docsOf('projects'), paths.guideOf('limits'), paths.guideOf('concepts')]) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  }
})

test('keeps each page of the documentation small', { tag: '@nightly' }, async ({ page, request }) => {
  await page.goto(paths.docs)
  const links = page.getByRole('main').getByRole('list').getByRole('link')
  const pages = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
  expect(pages.length).toBeGreaterThan(10)
  for (const path of [paths.docs, ...pages]) {
    const html = await (await request.get(path)).text()
    expect.soft(html.length, path).toBeLessThan(1_000_000)
  }
})

test('links the OpenAPI document', async ({ request }) => {
  const document = await (await request.get(paths.openApi)).json()
  expect(document).toMatchObject({ openapi: '3.1.0' })
})

test('filters by what was typed before the scripts of the page were there', async ({ page }) => {
  const held = Promise.withResolvers<void>()
  await page.route('**/_next/static/chunks/*.js', async (route) => {
    await held.promise
    await route.continue()
  })
  await page.goto(paths.docs, { waitUntil: 'commit' })
  const filter = page.getByRole('search', { name: 'Filter operations' }).getByRole('searchbox')
  await filter.fill('nuke')
  held.resolve()
  await expect(page).toHaveURL(/q=nuke/)
  await expect(filter).toHaveValue('nuke')
})
