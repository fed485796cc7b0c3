import { randomUUID } from 'node:crypto'
import { type Handler, failed } from './endpoint.ts'
import { HttpError } from './errors.ts'
import { notFound } from './not-found.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
export type HttpMethod = (typeof methods)[number]

/**
 * What one URL serves: its endpoints, HEAD for its GET, OPTIONS, and 405 with `Allow` for the rest, so that a `route.ts` exports the same
 * names whatever it serves and both lanes answer alike.
 * `present` says a refusal in the dialect's own words.
 */
export function resource(
  endpoints: Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Handler>>,
  present: typeof failed = failed,
): Record<HttpMethod, Handler> {
  const { GET } = endpoints
  const all: Partial<Record<HttpMethod, Handler>> = {
    ...endpoints,
    ...(GET && { HEAD: async (request, context) => withoutBody(await GET(request, context)) }),
  }
  const allow = [...Object.keys(all), 'OPTIONS'].join(', ')
  all.OPTIONS = async () => new Response(null, { status: 204, headers: { allow, 'x-request-id': randomUUID() } })
  const refuse: Handler = async (request) => refuseMethod(request, allow, present)
  return Object.fromEntries(methods.map((method) => [method, notAmongPages(all[method] ?? refuse)])) as Record<
    HttpMethod,
    Handler
  >
}

/** Set by the server on what it hands to Next as a page. */
export const pageHeader = 'x-bulkhead-page'

/** Next bundles a copy of every handler, with rate meters of its own: whatever way leads there, it serves nothing. */
const notAmongPages =
  (handler: Handler): Handler =>
  async (request, context) =>
    request.headers.has(pageHeader) ? notFound(request) : handler(request, context)

const withoutBody = ({ status, headers }: Response) => new Response(null, { status, headers })

/** 405 with what the URL does take. */
export const refuseMethod = (request: Request, allow: string, present: typeof failed = failed) =>
  present(new HttpError(405, 'method_not_allowed', `This URL takes ${allow}, not ${request.method}`, { allow }), request)
