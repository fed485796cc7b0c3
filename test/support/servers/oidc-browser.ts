import { type Jar, cookieOf, keep } from '../http/sign-in.ts'

/** Where a browser has arrived. */
export type Place = { url: URL; status: number; text: string; setCookies: string[] }

/** Follows links, redirects and forms with its cookies, as a browser does. */
export function oidcBrowser(jar: Jar = new Map()) {
  async function go(address: string, form?: Record<string, string>): Promise<Place> {
    const setCookies: string[] = []
    let url = new URL(address)
    let body = form && new URLSearchParams(form)
    for (let hop = 0; hop < 20; hop++) {
      const response = await step(url, body)
      setCookies.push(...response.headers.getSetCookie())
      const location = response.headers.get('location')
      if (location === null) return { url, status: response.status, text: await response.text(), setCookies }
      url = new URL(location, url)
      body = undefined
      // No pages are served here, so a redirect to one is the end.
      if (isPage(url)) return { url, status: response.status, text: '', setCookies }
    }
    throw new Error(`${address} goes round in circles`)
  }

  /** One request and its answer, without following it. */
  async function step(url: URL | string, body?: URLSearchParams): Promise<Response> {
    const response = await fetch(url, {
      method: body ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: cookieOf(jar), 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140' },
      ...(body && { body }),
    })
    keep(jar, response)
    return response
  }

  return { jar, go, step, submit: (place: Place, form: Record<string, string>) => go(place.url.href, form) }
}

const isPage = ({ pathname }: URL) => /^\/(console|login$|login\/again|invite)/.test(pathname)
