import type { Page } from '@playwright/test'

/**
 * A control that can be pressed or filled. `nth` counts its role and name in the top layer, `index` all controls in the document.
 */
export interface Control {
  role: string
  name: string
  nth: number
  index: number
  /** In a row of a table or a list, where many are alike. */
  inRow: boolean
  enabled: boolean
  href?: string
  isSubmit: boolean
}

export const controlled =
  'a[href], button, input, textarea, summary, [role=menuitem], [role=option], [role=tab], [role=switch], [role=checkbox], [role=radio]'

export interface Layers {
  /** From the page up: "main", "dialog Add member", "menu Actions for Ada". */
  names: string[]
  /** The controls of the top layer. */
  controls: Control[]
  /** The name of the focused element; null when there is none. */
  focused: string | null
}

/** The page and the layers open above it, as seen by a user who can only reach the top one. */
export const layersOf = (page: Page): Promise<Layers> =>
  page.evaluate((selector) => {
    const isShown = (element: Element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false })
    const textOf = (id: string) => document.getElementById(id)?.textContent ?? ''
    const nameOf = (element: Element) => {
      const labeledBy = element.getAttribute('aria-labelledby')
      const labels = (element as HTMLInputElement).labels?.[0]?.textContent
      const name = element.getAttribute('aria-label') ?? (labeledBy ? labeledBy.split(' ').map(textOf).join(' ') : undefined)
      const text = name ?? labels ?? (element as HTMLElement).innerText ?? ''
      // Slugs and times differ from one project to the next.
      return text
        .replaceAll(/\b[0-9a-f]{8}\b|\d+/g, '#')
        .replaceAll(/\s+/g, ' ')
        .trim()
    }
    const opened = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]'
    const layers = [...document.querySelectorAll(opened)].filter(
      (layer) => isShown(layer) && !layer.closest('main, header, nav') && !layer.parentElement?.closest(opened),
    )
    const top = layers.at(-1) ?? document.body
    const all = [...document.querySelectorAll(selector)]
    const times = new Map<string, number>()
    const controls = all.flatMap((element, index) => {
      const inside = top.contains(element) && (layers.length > 0 || element.closest('main, header'))
      const box = element.getBoundingClientRect()
      if (!inside || !isShown(element) || box.width < 2 || element.closest('[aria-hidden=true]')) return []
      const tag = element.tagName.toLowerCase()
      const role = element.getAttribute('role') ?? (tag === 'a' ? 'link' : tag)
      const name = nameOf(element)
      const nth = times.get(role + name) ?? 0
      times.set(role + name, nth + 1)
      const off = element.matches(':disabled, [aria-disabled=true], [data-disabled], [data-disabled=true]')
      return {
        role,
        name,
        nth,
        index,
        inRow: Boolean(element.closest('tr, li, [role=row]')),
        enabled: !off,
        ...(element instanceof HTMLAnchorElement && { href: element.href }),
        isSubmit: element.getAttribute('type') === 'submit',
      }
    })
    const names = ['page', ...layers.map((layer) => `${layer.getAttribute('role')} ${nameOf(layer).slice(0, 60)}`)]
    const active = document.activeElement
    return { names, controls, focused: active === null || active === document.body ? null : nameOf(active) }
  }, controlled)

/**
 * Whether, two frames later, every button listens (React has hydrated it), no placeholder is left, and the document is complete.
 * For a foreign page: whether the document is complete.
 */
const isSettled = (page: Page): Promise<boolean> =>
  page.evaluate(async (own) => {
    await new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))
    const listens = (element: Element) => Object.keys(element).some((key) => key.startsWith('__reactProps'))
    const isLoading = [...document.querySelectorAll('output')].some(({ textContent }) => textContent.startsWith('Loading'))
    const answers = !isLoading && [...document.querySelectorAll('button, a[href]')].every(listens)
    return document.readyState === 'complete' && (answers || location.origin !== own)
  }, process.env['E2E_URL'])

/** Waits until the page responds to input, has no pending request, and has drawn what arrived. */
export function quietOf(page: Page): () => Promise<void> {
  const asked = new Set<object>()
  const awaited = new Set(['fetch', 'xhr', 'document', 'script'])
  page.on('request', (request) => void (awaited.has(request.resourceType()) && asked.add(request)))
  page.on('requestfinished', (request) => void asked.delete(request))
  page.on('requestfailed', (request) => void asked.delete(request))
  return async () => {
    let calm = 0
    for (let looks = 0; calm < 3; looks++) {
      // During a navigation there is no page to ask.
      const settled = await isSettled(page).catch(() => false)
      calm = settled && asked.size === 0 ? calm + 1 : 0
      if (looks > 1000) throw new Error(`${page.url()} does not come to rest`)
    }
  }
}
