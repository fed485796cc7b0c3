import type { Page } from '@playwright/test'

/**
 * What a page did that our own pages never do: an injected script ran or was blocked, a foreign host was requested, a window
 * opened.
 */
export async function watch(page: Page, own: string): Promise<string[]> {
  const seen: string[] = []
  const report = (what: string) => void seen.push(`${what} at ${page.url()}`)
  await page.exposeFunction('xss', () => report('a script ran'))
  await page.exposeFunction('violated', (what: string) => report(`the policy stopped ${what}`))
  await page.addInitScript(() => {
    const { violated } = window as unknown as { violated: (what: string) => void }
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
      violated(`${effectiveDirective} of ${blockedURI} ${sample}`)
    })
  })
  page.on('dialog', (dialog) => {
    report('a dialog')
    void dialog.dismiss()
  })
  page.on('popup', () => report('a window'))
  page.on('download', () => report('a download'))
  page.on('pageerror', (error) => report(`an error: ${error.message}`))
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame()) report(`a frame of ${frame.url()}`)
  })
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== own && protocol !== 'data:') report(`a request to ${request.url()}`)
  })
  return seen
}

/** Elements that injected text could have become, and that our pages never contain. */
export const oddElements = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const tags = new Set(['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'MARQUEE', 'FRAMESET', 'MATH', 'XSS', 'AUDIO', 'VIDEO'])
    const leads = new Set(['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'srcdoc'])
    const isOdd = (element: Element) =>
      tags.has(element.tagName.toUpperCase()) ||
      [...element.attributes].some(
        ({ name, value }) =>
          name.startsWith('on') ||
          (leads.has(name) && /^[\s\0]*(javascript|vbscript|data:text|\/\/|\/\\|https?:\/\/evil)/i.test(value)),
      )
    return [...document.querySelectorAll('*')].filter(isOdd).map((element) => element.outerHTML.slice(0, 200))
  })

/** All text that a user can read on a page, including field values, in one line. */
export const readable = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const fields = [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value)
    return [document.body.innerText, ...fields].join(' ')
  })
