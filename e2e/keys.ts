import type { Locator, Page, TestInfo } from '@playwright/test'
import { report } from '#test/support/outcome'
import { expect } from './fixtures.ts'

/** Presses Tab until the control has the focus, as a person without a mouse does. */
export async function tabTo(page: Page, control: Locator) {
  await expect(control).toBeVisible()
  const passed: string[] = []
  for (let presses = 0; presses < 80; presses++) {
    const at = await control.evaluate((element) => {
      const { activeElement: focused } = document
      return element === focused ? null : `${focused?.tagName} ${focused?.textContent.slice(0, 30)}`
    })
    if (at === null) return
    passed.push(at)
    await page.keyboard.press('Tab')
  }
  await expect(control, `Tab went through ${passed.join(', ')}`).toBeFocused()
}

/** Checks after each test that the task was done with the keyboard alone. */
// oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of what a hook needs
export const reportTask = ({}, { status, expectedStatus, title }: TestInfo) =>
  void report({ what: 'tasks with the keyboard alone', tried: 1, failures: status === expectedStatus ? [] : [title] })
