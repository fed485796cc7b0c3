import type { Page } from '@playwright/test'
import { type Control, controlled, layersOf } from './layers.ts'

/** The presses that lead from the page to a layer. */
export type Way = readonly Control[]

export interface Walk {
  page: Page
  /** Resolves when no request is pending. */
  quiet: () => Promise<void>
  /** Loads the screen in its initial state. */
  open: () => Promise<void>
  /** Its path without the query; empty before it was opened. */
  place: () => string
  /** How many of the same control in different rows are pressed. */
  alike: number
  /** Controls that are not pressed. */
  skip: (control: Control, layer: string) => boolean
  onPress?: (way: Way) => void
  /** Called when a press has opened a layer. */
  onLayer?: (way: Way, layers: string[]) => Promise<void>
  /** Called before anything in a layer, or on the page itself, is pressed; `again` restores its initial state. */
  onArrival?: (way: Way, again: () => Promise<boolean>) => Promise<void>
  /** Whether the screen must be reloaded before the next press. */
  isSpoiled?: () => boolean
}

const pressed = new Set(['button', 'menuitem', 'tab', 'switch', 'checkbox', 'radio', 'summary', 'combobox'])
const keyOf = ({ role, name, nth }: Control) => `${role} ${name} ${nth}`
/** "Actions for Ada Byron" and "Actions for Grace Hopper" are alike. */
const likeness = ({ role, name }: Control) => `${role} ${role === 'link' ? '' : name.split(' ', 1)[0]}`
const placeOf = (page: Page) => new URL(page.url()).pathname
const isPanelLink = (page: Page, { role, href = '' }: Control) =>
  role === 'link' && new URL(href).pathname === placeOf(page) && !href.includes('#') && href !== page.url()

/** Closes a layer, or leaves the screen. */
export const leaves = ({ name }: Control) => /^(Cancel|Close|Done|Sign out|Dismiss|Stop viewing|Copied|Copy .*)$/.test(name)
/** The frame is the same on every screen, so its controls are walked on the first only. */
export const isFrame = ({ name }: Control) => /^(Navigation|Jump to|Notices|Theme|Account|Organization:|Project:)/.test(name)

export const wordsOf = (way: Way) => way.map(({ name, role }) => `${role} “${name.slice(0, 40)}”`).join(' → ')

export const press = (page: Page, { index }: Control) => page.locator(controlled).nth(index).click({ timeout: 3000 })

/**
 * Presses everything that can be pressed on a screen, then in what opens from it, recursively. Panels lead to each other, so a
 * panel that replaces another, or that a link leads to, is walked once. `walkedBefore` holds those already walked.
 */
export async function walk(walked: Walk, way: Way = [], expected = 'page', walkedBefore = new Set<string>()): Promise<void> {
  const done = new Set<string>()
  const counts = new Map<string, number>()
  const isNew = (control: Control) =>
    control.enabled &&
    (pressed.has(control.role) || isPanelLink(walked.page, control)) &&
    !done.has(keyOf(control)) &&
    !(control.inRow && (counts.get(likeness(control)) ?? 0) >= walked.alike) &&
    !walked.skip(control, expected)

  if (!(await back(walked, way, expected))) return
  await walked.onArrival?.(way, async () => (await back(walked, way, expected, true)) !== undefined)
  for (let presses = 0; presses < 80; presses++) {
    const here = await back(walked, way, expected)
    const next = here?.controls.find(isNew)
    if (!next) return
    done.add(keyOf(next))
    counts.set(likeness(next), (counts.get(likeness(next)) ?? 0) + 1)
    walked.onPress?.([...way, next])
    await press(walked.page, next).catch(() => {})
    await walked.quiet()
    const { names } = await layersOf(walked.page)
    const opened = names.join(' > ')
    if (names.length < 2 || opened === expected || placeOf(walked.page) !== walked.place()) continue
    await walked.onLayer?.([...way, next], names)
    const isPanel = next.role === 'link' || names.length === expected.split(' > ').length
    if (way.length >= 3 || names.at(-1)!.startsWith('listbox') || (isPanel && walkedBefore.has(walked.place() + opened))) continue
    walkedBefore.add(walked.place() + opened)
    await walk(walked, [...way, next], opened, walkedBefore)
  }
}

/**
 * Returns to the layer at the end of this way: by Escape, by pressing the way again, or from the beginning. `anew`: in its
 * initial state.
 */
async function back(walked: Walk, way: Way, expected: string, anew = false) {
  const isSpoiled = () => walked.isSpoiled?.() ?? false
  const here = async () => {
    const layers = await layersOf(walked.page)
    return layers.names.join(' > ') === expected && placeOf(walked.page) === walked.place() ? layers : undefined
  }
  const mayStay = () => !isSpoiled() && placeOf(walked.page) === walked.place() && !(anew && way.length === 0)
  if (mayStay()) {
    for (let escapes = 0; escapes < 5; escapes++) {
      const found = anew ? undefined : await here()
      if (found) return found
      if ((await layersOf(walked.page)).names.length === 1) break
      await walked.page.keyboard.press('Escape')
      await walked.quiet()
    }
  }
  for (const fresh of [false, true]) {
    if (!fresh && !mayStay()) continue
    if (fresh) await walked.open()
    for (const step of way) if (!(await stepOn(walked, step))) break
    const found = await here()
    if (found) return found
  }
  return undefined
}

/** Presses one step of a way again. Its container may still be loading. */
async function stepOn(walked: Walk, step: Control): Promise<boolean> {
  for (let looks = 0; looks < 5; looks++) {
    const { controls } = await layersOf(walked.page)
    const found = controls.find((control) => control.enabled && keyOf(control) === keyOf(step))
    if (found) await press(walked.page, found).catch(() => {})
    await walked.quiet()
    if (found) return true
  }
  return false
}
