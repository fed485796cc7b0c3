import type { Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test'

/** A page with its own cookies and storage. */
export type Window = { context: BrowserContext; page: Page; isNew: boolean; uses: number }
export type Windows = ReturnType<typeof createWindows>

/** What a test may have listened to. */
const heard = [
  'console',
  'dialog',
  'download',
  'framenavigated',
  'pageerror',
  'popup',
  'request',
  'requestfailed',
  'requestfinished',
  'response',
] as const

/** A window is replaced after this many tests, so that what its process keeps stays small. */
const MAX_USES = 25

/**
 * Windows that one test leaves to the next, with nobody signed in and nothing stored: loading a screen in a window that has the
 * console's scripts costs half as much as in a new one.
 */
export function createWindows(browser: Browser) {
  const idle: Window[] = []

  async function create(options: BrowserContextOptions, isNew: boolean): Promise<Window> {
    const context = await browser.newContext(options)
    return { context, page: await context.newPage(), isNew, uses: 0 }
  }

  /** Makes the window like a new one. */
  async function clear({ context, page }: Window) {
    for (const event of heard) {
      page.removeAllListeners(event)
      context.removeAllListeners(event)
    }
    await Promise.all([page.unrouteAll({ behavior: 'ignoreErrors' }), context.unrouteAll({ behavior: 'ignoreErrors' })])
    await Promise.all([context.setOffline(false), context.clearPermissions(), context.clearCookies()])
    for (const other of context.pages()) if (other !== page) await other.close()
    await page.goto('/healthz')
    await page.evaluate(() => {
      localStorage.clear()
      sessionStorage.clear()
    })
    await page.setViewportSize({ width: 1280, height: 720 })
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  }

  return {
    /** `isNew`: one that no test had before, nor any will have after. */
    async open(options: BrowserContextOptions, isNew: boolean): Promise<Window> {
      return (isNew ? undefined : idle.pop()) ?? create(options, isNew)
    },
    /** `isSound`: the test passed, so it did not stop halfway. */
    async leave(window: Window, isSound: boolean) {
      window.uses++
      const mayStay = isSound && !window.isNew && window.uses < MAX_USES && !window.page.isClosed()
      // Something of the test may still be going on in it, such as a redirect.
      const isClear =
        mayStay &&
        (await clear(window).then(
          () => true,
          () => false,
        ))
      if (isClear) idle.push(window)
      else await window.context.close()
    },
    async close() {
      for (const { context } of idle) await context.close()
    },
  }
}
