import { paths } from '#paths'
import { expect, expectNoViolations, test } from './fixtures.ts'

test('anybody reads the API’s documentation and finds an operation in it', async ({ page }) => {
  await page.goto(paths.docs)
  await expect(page).toHaveTitle(/API/)
  await page.getByRole('complementary', { name: 'Contents' }).getByRole('searchbox').fill('nuke preview')
  const found = page.getByRole('complementary', { name: 'Contents' }).getByRole('link')
  await expect(found).toHaveText(['Nuke', /What a nuke would wipe/])
  await expect(page).toHaveURL(/q=nuke/)
  await found.nth(1).click()
  await expect(page.getByRole('heading', { name: /What a nuke would wipe/ })).toBeInViewport()
  await expectNoViolations(page, ['header', 'aside', 'main > div', 'main > section:nth-of-type(1)'])
})

test('at 360 px the documentation does not scroll sideways', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto(paths.docs)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
})

test('the OpenAPI document is beside it', async ({ request }) => {
  const document = await (await request.get(paths.openApi)).json()
  expect(document).toMatchObject({ openapi: '3.1.0' })
})
