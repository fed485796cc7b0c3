import { log } from '#server/log'
import { answerHeaders } from './answer-headers.ts'
import { failureOf } from './errors.ts'
import { problemLocation } from './oidc/problem-location.ts'

/** Redirects a browser to the sign-in page, which explains a refusal or bug in words instead of JSON. */
export function failedInBrowser(error: unknown, request: Request, requestId: string): Response {
  const { status, code } = failureOf(error) ?? { status: 500, code: 'internal_error' }
  if (status >= 500) log.error({ requestId, err: error }, 'request failed')
  return new Response(null, {
    status: 303,
    headers: { location: problemLocation(code), ...answerHeaders(request, requestId) },
  })
}
