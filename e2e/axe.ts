import type { Page } from '@playwright/test'
import type { Result, RunOptions } from 'axe-core'
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

/** Loads axe once into each document. During a navigation, a document is without a title for a moment. */
async function load(page: Page) {
  await page.waitForFunction(() => document.title !== '')
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source)
}

/** Describes only what is wrong: describing what is right takes longer than finding out. */
async function run(page: Page, context: { include?: string[]; exclude: string[] }, options: RunOptions): Promise<Result[]> {
  await load(page)
  return page.evaluate(
    async ([where, how]) => (await window.axe.run(where, { ...how, resultTypes: ['violations'] })).violations,
    [context, options] as const,
  )
}

/** Each way to show text that axe has found legible. Most texts of most pages are shown as some text before them. */
const legible = new Set<string>()

/**
 * Judges the contrast of each text that is shown in a way not yet known to be legible, and returns what is wrong and the ways that
 * are legible. A way is everything that the contrast depends on. Text without one of its own is always judged.
 */
async function judgeColors([known, where]: [string[], string[]]): Promise<[Result[], string[]]> {
  const isKnown = new Set(known)
  const isClear = (color: string) => color === 'transparent' || color === 'rgba(0, 0, 0, 0)'
  const isOpaque = (color: string) => !isClear(color) && !/rgba|\//.test(color)
  const grounds = new Map<Element, { way: string; isOwn: boolean }>()

  /** What is behind the element. Something that stands over others without a background of its own shows whatever is below it. */
  function groundOf(element: Element): { way: string; isOwn: boolean } {
    const before = grounds.get(element)
    if (before) return before
    const { backgroundColor, backgroundImage, opacity, filter, mixBlendMode, position } = getComputedStyle(element)
    const outer = element.parentElement ? groundOf(element.parentElement) : { way: '', isOwn: true }
    const own = [
      isClear(backgroundColor) ? '' : backgroundColor,
      backgroundImage === 'none' ? '' : backgroundImage,
      opacity === '1' ? '' : opacity,
      filter === 'none' ? '' : filter,
      mixBlendMode === 'normal' ? '' : mixBlendMode,
    ].join(';')
    const isSolid = isOpaque(backgroundColor) && opacity === '1'
    const isOver = position === 'absolute' || position === 'fixed' || position === 'sticky'
    const ground = { way: own === ';;;;' ? outer.way : `${outer.way}>${own}`, isOwn: isSolid || (outer.isOwn && !isOver) }
    grounds.set(element, ground)
    return ground
  }

  function wayOf(element: Element): string | undefined {
    const { way, isOwn } = groundOf(element)
    if (!isOwn) return undefined
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element)
    const hint = element.matches('input, textarea') ? getComputedStyle(element, '::placeholder').color : ''
    return [color, fontSize, fontWeight, textShadow, hint, way].join('|')
  }

  const hasText = (element: Element) =>
    element.matches('input, textarea, select') ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== '')
  const ways = new Map<Element, string | undefined>()
  for (const element of document.querySelectorAll('body *')) {
    if (!hasText(element) || (where.length > 0 && !element.closest(where.join(', ')))) continue
    const way = wayOf(element)
    if (way === undefined || !isKnown.has(way)) ways.set(element, way)
  }
  if (ways.size === 0) return [[], []]
  const { violations, passes } = await window.axe.run(
    { include: [...ways.keys()] },
    { runOnly: { type: 'rule', values: ['color-contrast'] }, resultTypes: ['violations', 'passes'], elementRef: true },
  )
  const passed = passes.flatMap(({ nodes }) => nodes.map(({ element }) => ways.get(element!)))
  return [
    violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ html, failureSummary, target }) => ({ html, failureSummary, target })),
    })) as Result[],
    [...new Set(passed.filter((way) => way !== undefined))],
  ]
}

async function illegibleOn(page: Page, parts: readonly string[]): Promise<Result[]> {
  await load(page)
  // A proof judges every text.
  const known = scaleOf('console', 0) > 0 ? [] : [...legible]
  const [violations, fine] = await page.evaluate(judgeColors, [known, [...parts]] as [string[], string[]])
  for (const way of fine) legible.add(way)
  return violations
}

/** The violations that axe finds on the current page. `parts` (CSS selectors) split a page that is too long to check at once. */
export async function violationsOn(page: Page, only: 'everything' | 'colors', parts: readonly string[] = []): Promise<string[]> {
  const violations = [...(only === 'colors' ? [] : await wrongOn(page, parts)), ...(await illegibleOn(page, parts))]
  const found: string[] = []
  for (const { id, nodes } of violations)
    for (const { html, failureSummary, target } of nodes)
      if (id !== 'target-size' || !(await isCovered(page, String(target[0])))) found.push(`${id}: ${html}\n${failureSummary}`)
  return found
}

/** Whatever is wrong but colors. */
async function wrongOn(page: Page, parts: readonly string[]): Promise<Result[]> {
  const hasOpenList = (await page.locator('input[role=combobox][aria-expanded=true]').count()) > 0
  const disabled = ['color-contrast', ...(hasOpenList ? aboutWhatIsBehind : [])]
  return run(
    page,
    {
      ...(parts.length > 0 && { include: [...parts] }),
      // Never keeps the focus: it passes it on at once, to the inside or to what follows.
      exclude: ['[data-base-ui-focus-guard]'],
    },
    {
      runOnly: { type: 'tag', values: rules },
      rules: Object.fromEntries(disabled.map((rule) => [rule, { enabled: false }])),
    },
  )
}
