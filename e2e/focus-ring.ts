import type { Page } from '@playwright/test'
import { controlled } from './layers.ts'

/**
 * Elements that take the focus without showing it: neither they nor their frame change outline, shadow or border. Also elements
 * that have the focus under something sticky that covers them.
 */
export async function unseenFocus(page: Page): Promise<string[]> {
  // From here on the browser shows the focus ring, as it does for keyboard users.
  await page.keyboard.press('Shift')
  return page.evaluate((selector) => {
    // Even a transition of zero length would keep the old style until the next frame.
    const still = new CSSStyleSheet()
    still.replaceSync('*, *::before, *::after { transition: none !important }')
    document.adoptedStyleSheets.push(still)
    const open = [...document.querySelectorAll('[role=dialog], [role=alertdialog]')].filter((layer) => layer.checkVisibility())
    const top = open.at(-1) ?? document
    const frames = (element: Element) =>
      [element, element.parentElement, element.parentElement?.parentElement].filter((one) => one != null)
    const look = (element: Element) =>
      frames(element)
        .map((one) => {
          const style = getComputedStyle(one)
          const outline = style.outlineStyle === 'none' ? '' : `${style.outlineWidth} ${style.outlineColor}`
          return [outline, style.boxShadow, style.borderColor].join('|')
        })
        .join('#')
    const before = document.activeElement
    const focusable = [...top.querySelectorAll<HTMLElement>(`${selector}, [tabindex="0"]`)].filter(
      (one) =>
        one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }) && !one.closest('[aria-hidden=true], [inert]'),
    )
    const found = focusable.flatMap((element) => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      const without = look(element)
      element.focus({ focusVisible: true })
      if (document.activeElement !== element) return []
      const box = element.getBoundingClientRect()
      const name = `${element.tagName.toLowerCase()} “${(element.getAttribute('aria-label') ?? element.innerText).slice(0, 40)}”`
      const at = [0.5, 0.1, 0.9].flatMap((x) =>
        [0.5, 0.1, 0.9].map((y) => [box.x + box.width * x, box.y + box.height * y] as const),
      )
      const isSeen = at.some(([x, y]) => {
        const hit = document.elementFromPoint(x, y)
        return hit && (element.contains(hit) || hit.contains(element) || hit.closest('label')?.contains(element))
      })
      return [...(look(element) === without ? [`no ring: ${name}`] : []), ...(isSeen ? [] : [`covered: ${name}`])]
    })
    document.adoptedStyleSheets.pop()
    if (before instanceof HTMLElement) before.focus()
    return found
  }, controlled)
}
