import { DomainError } from '#domain/errors'
import { failed } from './errors.ts'
import { v1Failed } from './v1/errors.ts'

/** How the API that a path belongs to refuses. The clients of the v1 API call some paths under /v2. */
export const refusalOfPath = (pathname: string): typeof failed => (/^\/v[12](\/|$)/.test(pathname) ? v1Failed : failed)

/** The 404 answer of every URL that belongs to neither an API nor a page. */
export async function notFound(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  return refusalOfPath(pathname)(new DomainError('not_found', `There is nothing at ${pathname}`), request)
}
