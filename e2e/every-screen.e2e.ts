import type { Page } from '@playwright/test'
import { expect, expectNoViolations, test } from './fixtures.ts'
import { organization } from './people.ts'
import { allScreens } from './screens.ts'

/** What comes is there: no bars stand in for it any more. */
async function loaded(page: Page) {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByText(/^Loading/)).toHaveCount(0)
}

for (const who of ['owner', 'viewer'] as const) {
  test(`axe finds nothing on any screen of ${who === 'owner' ? 'an owner' : 'a viewer'}, and each has its title`, async ({
    as,
    api,
    project,
  }) => {
    test.slow()
    await api.post(`${project.api}/tokens`, { name: 'ci' })
    await api.delete(`${project.api}/nuke`)
    const page = await as(who)
    for (const [name, path] of allScreens(project)) {
      await test.step(name, async () => {
        await page.goto(path)
        await loaded(page)
        const place = path.startsWith(project.paths.overview) ? project.slug : organization.slug
        await expect(page).toHaveTitle(new RegExp(`${name}.*${place}`))
        await expectNoViolations(page)
      })
    }
  })
}

test('at 360 px no screen scrolls sideways, and the navigation is in a drawer', async ({ as, project }) => {
  test.slow()
  const page = await as('owner')
  await page.setViewportSize({ width: 360, height: 740 })
  for (const [name, path] of allScreens(project)) {
    await test.step(name, async () => {
      await page.goto(path)
      await loaded(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(360)
    })
  }
  await page.goto(project.paths.overview)
  await expect(page.getByRole('link', { name: 'Members', exact: true })).toBeHidden()
  await page.getByRole('button', { name: 'Navigation' }).click()
  const drawer = page.getByRole('dialog', { name: 'Navigation' })
  await expectNoViolations(page)
  await drawer.getByRole('link', { name: 'Members', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Members', level: 1 })).toBeVisible()
  await expect(drawer).toBeHidden()
})

test('at 360 px the dialogs fit', async ({ as, project }) => {
  const page = await as('owner')
  await page.setViewportSize({ width: 360, height: 740 })
  const fits = async () => {
    const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'))
    await expect(dialog).toBeVisible()
    const { x, width } = (await dialog.boundingBox()) ?? { x: -1, width: 0 }
    expect(x).toBeGreaterThanOrEqual(0)
    expect(x + width).toBeLessThanOrEqual(360)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(dialog).toBeHidden()
  }
  await page.goto(project.paths.members)
  await page.getByRole('button', { name: 'Add member' }).click()
  await fits()
  await page.goto(project.paths.settings)
  await page.getByRole('button', { name: 'Nuke project…' }).click()
  await expect(page.getByRole('table', { name: 'What goes' })).toBeVisible()
  await fits()
})
