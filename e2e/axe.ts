import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { scaleOf } from '#test/support/outcome'

/** WCAG 2.2 AA and what axe holds to be good practice beside it. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']
/** The size of targets, which axe leaves out by itself, is for the proof. */
if (scaleOf('console', 0) > 0) rules.push('wcag22aa')

/**
 * While the list of a field to type in is open, all else is hidden from whoever hears the page, as behind a window. Axe makes an exception for
 * windows only. That it ends with the list is shown in `keyboard.e2e.ts`.
 */
const aboutWhatIsBehind = ['aria-hidden-focus', 'page-has-heading-one']

/** What an open list or menu covers is no target before it has closed: a press there closes it. */
const isCovered = (page: Page, target: string): Promise<boolean> =>
  page.evaluate((selector) => {
    const open = [...document.querySelectorAll('[role=listbox], [role=menu]')].filter((layer) => !layer.closest('main, header'))
    return open.length > 0 && !open.some((layer) => layer.contains(document.querySelector(selector)))
  }, target)

/** What axe finds on the page as it stands. `parts` (CSS) are for a page that is too long to be looked at whole. */
export async function violationsOn(page: Page, only: 'everything' | 'colours', parts: readonly string[] = []): Promise<string[]> {
  // There is no frame in a page of ours: axe need not open a page of its own to put the results of several together.
  const axe = new AxeBuilder({ page }).setLegacyMode()
  for (const part of parts) axe.include(part)
  // Never holds the focus: it hands it on at once, to what is inside or to what comes after.
  axe.exclude('[data-base-ui-focus-guard]')
  const hasOpenList = (await page.locator('input[role=combobox][aria-expanded=true]').count()) > 0
  if (only === 'colours') axe.withRules('color-contrast')
  else axe.withTags(rules).disableRules(hasOpenList ? aboutWhatIsBehind : [])
  const { violations } = await axe.analyze()
  const found: string[] = []
  for (const { id, nodes } of violations)
    for (const { html, failureSummary, target } of nodes)
      if (id !== 'target-size' || !(await isCovered(page, String(target[0])))) found.push(`${id}: ${html}\n${failureSummary}`)
  return found
}
