import { DomainError } from '#domain/errors'
import { failed } from './errors.ts'
import { v1Failed } from './v1/errors.ts'

/** The 404 answer of every URL that belongs to neither an API nor a page. */
export async function notFound(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const present = pathname.startsWith('/v1/') ? v1Failed : failed
  return present(new DomainError('not_found', `There is nothing at ${pathname}`), request)
}
