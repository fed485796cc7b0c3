import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { scaleOf } from '#test/support/outcome'

/** WCAG 2.2 AA, and axe's own best practices. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']
/** Target size, which axe omits by default, is only part of the proof. */
if (scaleOf('console', 0) > 0) rules.push('wcag22aa')

/**
 * While a combobox list is open, everything else is hidden from screen readers, as behind a dialog. Axe only makes an exception
 * for dialogs. `keyboard.e2e.ts` shows that this ends with the list.
 */
const aboutWhatIsBehind = ['aria-hidden-focus', 'page-has-heading-one']

/** A control under an open list or menu is no target yet: a press there only closes the list. */
const isCovered = (page: Page, target: string): Promise<boolean> =>
  page.evaluate((selector) => {
    const open = [...document.querySelectorAll('[role=listbox], [role=menu]')].filter((layer) => !layer.closest('main, header'))
    return open.length > 0 && !open.some((layer) => layer.contains(document.querySelector(selector)))
  }, target)

/** The violations that axe finds on the current page. `parts` (CSS selectors) split a page that is too long to check at once. */
export async function violationsOn(page: Page, only: 'everything' | 'colors', parts: readonly string[] = []): Promise<string[]> {
  // No page of ours has frames, so axe needs no page of its own to combine results.
  const axe = new AxeBuilder({ page }).setLegacyMode()
  for (const part of parts) axe.include(part)
  // Never keeps the focus: it passes it on at once, to the inside or to what follows.
  axe.exclude('[data-base-ui-focus-guard]')
  const hasOpenList = (await page.locator('input[role=combobox][aria-expanded=true]').count()) > 0
  if (only === 'colors') axe.withRules('color-contrast')
  else axe.withTags(rules).disableRules(hasOpenList ? aboutWhatIsBehind : [])
  const { violations } = await axe.analyze()
  const found: string[] = []
  for (const { id, nodes } of violations)
    for (const { html, failureSummary, target } of nodes)
      if (id !== 'target-size' || !(await isCovered(page, String(target[0])))) found.push(`${id}: ${html}\n${failureSummary}`)
  return found
}
