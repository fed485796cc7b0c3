import { failed } from './endpoint.ts'
import { HttpError } from './errors.ts'

/** What every URL answers that is neither an API's nor a page's. */
export async function notFound(request: Request): Promise<Response> {
  return failed(new HttpError(404, 'not_found', `There is nothing at ${new URL(request.url).pathname}`), request)
}
