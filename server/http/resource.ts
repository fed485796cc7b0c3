import { DomainError } from '#domain/errors'
import { failed } from './errors.ts'
import type { Handler } from './pipeline.ts'
import { requestIdOf } from './record.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
export type HttpMethod = (typeof methods)[number]

/**
 * The endpoints of one URL, with HEAD for its GET, OPTIONS, and 405 with `Allow` for the rest, so that every `route.ts` exports
 * the same names and both lanes answer alike. `present` turns an error into the dialect's refusal.
 */
export function resource(
  endpoints: Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Handler>>,
  refusalOf: typeof failed = failed,
): Record<HttpMethod, Handler> {
  const { GET } = endpoints
  const all: Partial<Record<HttpMethod, Handler>> = {
    ...endpoints,
    ...(GET && { HEAD: async (request, context) => withoutBody(await GET(request, context)) }),
  }
  const allow = [...Object.keys(all), 'OPTIONS'].join(', ')
  all.OPTIONS = async (request) => new Response(null, { status: 204, headers: { allow, 'x-request-id': requestIdOf(request) } })
  const refuse: Handler = async (request) => refuseMethod(request, allow, refusalOf)
  return Object.fromEntries(methods.map((method) => [method, all[method] ?? refuse])) as Record<HttpMethod, Handler>
}

const withoutBody = ({ status, headers }: Response) => new Response(null, { status, headers })

/** 405 with the methods that the URL accepts. */
export function refuseMethod(request: Request, allow: string, refusalOf: typeof failed = failed): Response {
  const refusal = new DomainError('method_not_allowed', `${request.method} is not allowed for this URL. Use ${allow}`)
  const response = refusalOf(refusal, request)
  response.headers.set('allow', allow)
  return response
}
