import { paths } from '#contract/paths'
import { expect, test } from './fixtures.ts'
import { organization } from './people.ts'

/** How far what is on a page moves by itself while it loads (CLS); web.dev calls 0.1 good. */
const LEAST_NOTICED = 0.1

test('a list does not move once its page is there', async ({ as, project }) => {
  const page = await as('owner', { isNew: true })
  await page.addInitScript(() => {
    const shifts: number[] = []
    Object.assign(window, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value)
    }).observe({ type: 'layout-shift', buffered: true })
  })
  for (const path of [paths.projects(organization.slug), project.paths.members, project.paths.environments]) {
    await page.goto(path)
    await expect(page.getByRole('cell').first()).toBeVisible()
    await page.waitForLoadState('networkidle')
    const shifted = await page.evaluate(() =>
      (window as unknown as { shifts: number[] }).shifts.reduce((sum, one) => sum + one, 0),
    )
    expect(shifted, path).toBeLessThan(LEAST_NOTICED)
  }
})
