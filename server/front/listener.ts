import type { RequestListener } from 'node:http'
import { projectRoot } from '#config/project-root'
import { addressHeader } from './address-header.ts'
import { limits } from './limits.ts'
import { offerLane } from './offered-lane.ts'
import { pageRefusal } from './page-refusal.ts'
import { makingPagesInTurn } from './page-turns.ts'
import { refuseEarly } from './refuse-raw.ts'
import { recordPage } from './requests.ts'
import { guardData, guardPage } from './security-headers.ts'

type Place = { dev: boolean; host: string; port: number; url: string }

/** Serves pages through Next. In production, calls the API's handlers directly, without Next's pipeline. */
export async function createListener({ dev, host, port, url }: Place): Promise<RequestListener> {
  const { default: next } = await import('next')
  const app = next({ dev, dir: projectRoot, hostname: host, port })
  await app.prepare()
  const handle = app.getRequestHandler()
  const site = { isHttps: url.startsWith('https://'), dev }
  const pages: RequestListener = (request, response) => {
    recordPage(request)
    guardPage(request, response, site)
    // Next would compress next-auth's answers too, which hold secrets.
    if (request.url?.startsWith('/api/')) delete request.headers['accept-encoding']
    void handle(request, response)
  }
  if (dev) return pages

  const { createLane } = await import('./lane.ts')
  const { pickOnly } = await import('../http/formats/print.ts')
  pickOnly()
  const lane = await createLane()
  offerLane((request) => lane.fetch(request))
  const pagesInTurn = makingPagesInTurn(({ headers }) => String(headers[addressHeader]), pages)
  return (request, response) => {
    const [pathname = '/'] = (request.url ?? '/').split('?', 1)
    if (!lane.handles(pathname)) {
      const refusal = pageRefusal(request, limits)
      if (refusal) return refuseEarly(response, refusal)
      return pagesInTurn(request, response)
    }
    guardData(response, site)
    lane.listener(request, response)
  }
}
