import type { Page } from '@playwright/test'
import { progress, report, scaleOf } from '#test/support/outcome'
import { violationsOn } from './axe.ts'
import { expect, expectNoViolations, test } from './fixtures.ts'
import { unseenFocus } from './focus-ring.ts'
import { type Control, layersOf, quietOf } from './layers.ts'
import { organization } from './people.ts'
import { shiftsOn, watchShifts } from './shifts.ts'
import { allScreens, furnish, outsideScreens, panels, unshown } from './screens.ts'
import { isFrame, leaves, walk, wordsOf } from './walk.ts'

/**
 * `npm run prove console` checks every width, and everything that opens; a test run checks each screen once, in light and dark
 * mode.
 */
const isProof = scaleOf('console', 0) > 0
const WIDTHS = [1280, 768, 360].slice(0, scaleOf('console', 1))
const HEIGHT = 800

/** Waits until the content has replaced its placeholder bars. */
async function loaded(page: Page) {
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  await expect(page.getByText(/^Loading/)).toHaveCount(0)
}

test('lists every page among the screens', async ({ project }) => {
  expect(unshown([...allScreens({ project, token: 'token', webhook: 'webhook' }), ...outsideScreens])).toEqual([])
})

/** A proof takes long, so it prints what it finds at once. */
function reported(fault: string): string {
  if (isProof) process.stderr.write(`\n${fault}\n`)
  return fault
}

const themes = ['light', 'dark'] as const

/** The faults of the current page in every width and theme. The dark theme differs in its colors only. */
async function faultsOf(
  page: Page,
  what: string,
  count: () => void,
  schemes: readonly ('light' | 'dark')[] = themes,
  widths: readonly number[] = WIDTHS,
): Promise<string[]> {
  const faults: string[] = []
  for (const width of widths) {
    await page.setViewportSize({ width, height: HEIGHT })
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const found = await violationsOn(page, colorScheme === 'light' || isProof ? 'everything' : 'colors')
      count()
      faults.push(...found.map((one) => reported(`${what}, ${width} px, ${colorScheme}: ${one}`)))
    }
    await page.emulateMedia({ colorScheme: 'light' })
  }
  return faults
}

/** Whether the page is wider than a small screen, so that it would scroll sideways. */
async function tooWide(page: Page, what: string): Promise<string[]> {
  await page.setViewportSize({ width: 360, height: HEIGHT })
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  return width > 360 ? [reported(`${what} is ${width} px wide`)] : []
}

/** An owner's screens have everything that others' have. */
const nightlyBut = (who: string) => ({ tag: who === 'owner' ? [] : ['@nightly'] })

for (const who of ['owner', 'viewer', 'organization owner'] as const) {
  if (who === 'organization owner' && !isProof) continue
  test(
    `has no axe violation on any screen of ${who}, no sideways scroll, no shift, no invisible focus and no refused request`,
    nightlyBut(who),
    async ({ as, api, project }) => {
      test.setTimeout(isProof ? 0 : 180_000)
      const screens = allScreens(await furnish(api, project))
      const page = await as(who)
      const quiet = quietOf(page)
      await watchShifts(page)
      const faults: string[] = []
      let looks = 0
      // A screen never requests what it is refused, whoever opens it.
      page.on('response', (answer) => {
        if ([403, 404].includes(answer.status())) faults.push(reported(`${page.url()}: ${answer.status()} ${answer.url()}`))
      })
      for (const [index, [name, path]] of screens.entries()) {
        await page.goto(path)
        await loaded(page)
        await quiet()
        faults.push(...(await shiftsOn(page)).map((one) => reported(`${path}: ${one}`)))
        const place = path.startsWith(project.paths.overview) ? project.slug : organization.slug
        await expect(page).toHaveTitle(new RegExp(`${name}.*${place}`))
        // A viewer's screens show nothing that an owner's do not, so the dark theme is checked once.
        faults.push(...(await faultsOf(page, path, () => looks++, who === 'viewer' && !isProof ? ['light'] : themes)))
        if (isProof) faults.push(...(await unseenFocus(page)).map((one) => reported(`${path}: ${one}`)))
        faults.push(...(await tooWide(page, path)))
        await page.setViewportSize({ width: 1280, height: HEIGHT })
        progress(index, screens.length, `${who}: ${faults.length} failed`)
      }
      expect(report({ what: `axe: every screen × theme × width, ${who}`, tried: looks, failures: faults })).toEqual([])
    },
  )
}

for (const who of ['owner', 'admin', 'viewer'] as const) {
  test(
    `has no axe violation in a panel that ${who} opens by its URL, at any width, and no sideways scroll`,
    nightlyBut(who),
    async ({ as, project }) => {
      const page = await as(who)
      const faults: string[] = []
      let looks = 0
      for (const [name, path] of panels({ project })) {
        await page.goto(path)
        await expect(page.getByRole('dialog', { name })).toBeVisible()
        await expect(page.getByText(/^Loading/)).toHaveCount(0)
        faults.push(...(await faultsOf(page, `${name}, ${who}`, () => looks++, themes, [1280, 768, 360])))
        faults.push(...(await tooWide(page, name)))
        await page.setViewportSize({ width: 1280, height: HEIGHT })
      }
      expect(looks).toBe(12)
      expect(faults).toEqual([])
    },
  )
}

test('has no axe violation on the screens outside of an organization', async ({ page }) => {
  test.skip(!isProof, 'the tests of each look at it too')
  test.setTimeout(0)
  const faults: string[] = []
  let looks = 0
  for (const [name, path] of outsideScreens) {
    await page.goto(path)
    await loaded(page)
    await expect(page).toHaveTitle(new RegExp(name))
    faults.push(...(await faultsOf(page, path, () => looks++)), ...(await tooWide(page, path)))
  }
  expect(report({ what: 'axe: outside of an organization', tried: looks, failures: faults })).toEqual([])
})

/** Confirms a dialog permanently, which would affect the other tests in this organization. */
const acts = ({ name, isSubmit }: Control, layer: string) =>
  (isSubmit && layer.includes('alertdialog')) || /^(Remove|Change) (access|members)$/.test(name)

test('has no axe violation in anything that opens; Escape closes it, and the focus returns', async ({ as, api, project }) => {
  test.skip(!isProof, 'the tests of each screen look into its dialogs')
  test.setTimeout(0)
  const screens = allScreens(await furnish(api, project))
  const page = await as('organization owner')
  const quiet = quietOf(page)
  const faults: string[] = []
  let looks = 0
  const seen = new Set<string>()
  for (const [index, [, path]] of screens.entries()) {
    let place = ''
    await walk({
      page,
      quiet,
      alike: 1,
      place: () => place,
      open: async () => {
        await page.setViewportSize({ width: 1280, height: HEIGHT })
        await page.goto(path)
        await loaded(page)
        await quiet()
        place = new URL(page.url()).pathname
      },
      // The frame is the same on every screen.
      skip: (control, layer) =>
        leaves(control) ||
        acts(control, layer) ||
        (layer === 'page' && seen.has(`${control.role} ${control.name}`) && index > 0 && isFrame(control)),
      onLayer: async (way, layers) => {
        const what = `${path}: ${wordsOf(way)}`
        if (layers.length === 2) seen.add(`${way[0]!.role} ${way[0]!.name}`)
        faults.push(...(await faultsOf(page, what, () => looks++)))
        const isWindow = /dialog/.test(layers.at(-1)!)
        if (isWindow) faults.push(...(await unseenFocus(page)).map((one) => reported(`${what}: ${one}`)))
        faults.push(...(await tooWide(page, what)))
        await page.setViewportSize({ width: 1280, height: HEIGHT })
        faults.push(...(await leftByEscape(page, quiet, way, layers)).map((one) => reported(`${what}: ${one}`)))
        progress(index, screens.length, `${looks} looks, ${faults.length} failed`)
      },
    })
  }
  expect(report({ what: 'axe, focus and Escape: what opens', tried: looks, failures: faults })).toEqual([])
})

/** Escape closes the top layer, and the focus returns to its opener. */
async function leftByEscape(
  page: Page,
  quiet: () => Promise<void>,
  way: readonly Control[],
  layers: readonly string[],
): Promise<string[]> {
  const inside = await page.evaluate(
    () =>
      document.activeElement?.closest('[role=dialog], [role=alertdialog], [role=menu], [role=listbox], [role=combobox]') !== null,
  )
  await page.keyboard.press('Escape')
  await quiet()
  const { names, focused } = await layersOf(page)
  if (names.length >= layers.length) return ['Escape does not close it']
  const openers = way.filter(({ role }) => role !== 'menuitem')
  const opener = openers.at(-1)!
  // When panels have replaced each other, only the opener of the first still exists.
  const first = openers.at(layers.length - 2 - openers.length)
  // A button's label may change with what it opened, and the button of a combobox leaves the focus to the field.
  const isAt = ({ name }: Control) =>
    focused !== null && (name === 'Show options' || focused.includes(name.slice(0, 20)) || name.includes(focused))
  const isBack = isAt(opener) || (first !== undefined && isAt(first))
  return [
    ...(inside ? [] : ['the focus does not go in']),
    ...(isBack ? [] : [`the focus goes to ${focused ?? 'nothing'}, not to ${opener.name}`]),
  ]
}

test('puts the navigation into a drawer at 360 px', async ({ as, project }) => {
  const page = await as('owner')
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto(project.paths.overview)
  await expect(page.getByRole('link', { name: 'Members', exact: true })).toBeHidden()
  await page.getByRole('button', { name: 'Navigation' }).click()
  const drawer = page.getByRole('dialog', { name: 'Navigation' })
  await expectNoViolations(page)
  await drawer.getByRole('link', { name: 'Members', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Members', level: 1 })).toBeVisible()
  await expect(drawer).toBeHidden()
})

test('fits the dialogs into 360 px', async ({ as, project }) => {
  const page = await as('owner')
  await page.setViewportSize({ width: 360, height: 740 })
  const fits = async () => {
    const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'))
    await expect(dialog).toBeVisible()
    const { x, width } = (await dialog.boundingBox()) ?? { x: -1, width: 0 }
    expect(x).toBeGreaterThanOrEqual(0)
    expect(x + width).toBeLessThanOrEqual(360)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(dialog).toBeHidden()
  }
  await page.goto(project.paths.members)
  await page.getByRole('button', { name: 'Add member' }).click()
  await fits()
  await page.goto(project.paths.settings)
  await page.getByRole('button', { name: 'Nuke project…' }).click()
  await expect(page.getByText(/will be removed from every environment/)).toBeVisible()
  await fits()
})
