import type { Page } from '@playwright/test'
import type { RunOptions } from 'axe-core'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { scaleOf } from '#test/support/outcome'

declare global {
  interface Window {
    axe: typeof import('axe-core')
  }
}

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

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Loads axe once into each document, and describes only what is wrong: describing what is right takes longer than finding out. */
async function run(page: Page, context: { include?: string[]; exclude: string[] }, options: RunOptions) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source)
  return page.evaluate(
    async ([where, how]) => (await window.axe.run(where, { ...how, resultTypes: ['violations'] })).violations,
    [context, options] as const,
  )
}

/** The violations that axe finds on the current page. `parts` (CSS selectors) split a page that is too long to check at once. */
export async function violationsOn(page: Page, only: 'everything' | 'colors', parts: readonly string[] = []): Promise<string[]> {
  const hasOpenList = (await page.locator('input[role=combobox][aria-expanded=true]').count()) > 0
  const disabled = hasOpenList ? aboutWhatIsBehind : []
  const violations = await run(
    page,
    {
      ...(parts.length > 0 && { include: [...parts] }),
      // Never keeps the focus: it passes it on at once, to the inside or to what follows.
      exclude: ['[data-base-ui-focus-guard]'],
    },
    only === 'colors'
      ? { runOnly: { type: 'rule', values: ['color-contrast'] } }
      : {
          runOnly: { type: 'tag', values: rules },
          rules: Object.fromEntries(disabled.map((rule) => [rule, { enabled: false }])),
        },
  )
  const found: string[] = []
  for (const { id, nodes } of violations)
    for (const { html, failureSummary, target } of nodes)
      if (id !== 'target-size' || !(await isCovered(page, String(target[0])))) found.push(`${id}: ${html}\n${failureSummary}`)
  return found
}
