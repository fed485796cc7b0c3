import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** WCAG 2.2 AA and what axe holds to be good practice beside it. Named, since the size of targets is off by default. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds on the page as it stands. `parts` (CSS) are for a page that is too long to be looked at whole. */
export async function violationsOn(page: Page, only: 'everything' | 'colours', parts: readonly string[] = []): Promise<string[]> {
  // There is no frame in a page of ours: axe need not open a page of its own to put the results of several together.
  const axe = new AxeBuilder({ page }).setLegacyMode()
  for (const part of parts) axe.include(part)
  const { violations } = await (only === 'colours' ? axe.withRules('color-contrast') : axe.withTags(rules)).analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`))
}
