import type { Page } from '@playwright/test'

declare global {
  interface Window {
    shifts: { value: number; what: string[] }[]
  }
}

/** The most that a page may move by itself, as the browser scores it (CLS). */
const MOST = 0.01

/** From the next page on, notes everything that moves without being touched. */
export const watchShifts = (page: Page) =>
  page.addInitScript(() => {
    type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node: Node | null }[] }
    window.shifts = []
    const wordsOf = (node: Node | null) => {
      const element = node instanceof Element ? node : node?.parentElement
      return element ? `<${element.localName}> ${(element.textContent ?? '').trim().slice(0, 40)}` : 'something that is gone'
    }
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as Shift[])
        if (!entry.hadRecentInput)
          window.shifts.push({ value: entry.value, what: entry.sources.map(({ node }) => wordsOf(node)) })
    }).observe({ type: 'layout-shift', buffered: true })
  })

/** What has moved on this page since it was opened, where that is too much. */
export async function shiftsOn(page: Page): Promise<string[]> {
  const shifts = await page.evaluate(() => window.shifts)
  const sum = shifts.reduce((total, { value }) => total + value, 0)
  if (sum <= MOST) return []
  return [`moves by ${sum.toFixed(3)}: ${shifts.map(({ value, what }) => `${value.toFixed(3)} ${what.join(' | ')}`).join('; ')}`]
}
