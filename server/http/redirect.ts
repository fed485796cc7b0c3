import { refused } from './errors.ts'
import { problemLocation } from './oidc/problem-location.ts'

/** Redirects a browser to the sign-in page, which explains a refusal or bug in words instead of JSON. */
export const failedInBrowser = (error: unknown, request: Request, requestId: string): Response =>
  refused(error, request, requestId, ({ code }) => ({ status: 303, headers: { location: problemLocation(code) }, body: null }))
