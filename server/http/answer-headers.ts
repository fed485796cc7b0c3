import { allowanceHeaders } from './rate-limit.ts'

/**
 * What every answer of the API carries: its request's id, what is left to the caller, and that nobody may keep it. A plain object, since
 * the lane writes one out as it stands.
 */
export const answerHeaders = (request: object, requestId: string): Record<string, string> => ({
  'x-request-id': requestId,
  'cache-control': 'no-store',
  ...allowanceHeaders(request),
})
