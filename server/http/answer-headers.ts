import { allowanceHeaders } from './rate-limit.ts'

/**
 * Headers of every API answer: the request id, the caller's remaining calls, and `no-store`. A plain object, since the lane
 * writes one out as it stands.
 */
export const answerHeaders = (request: object, requestId: string): Record<string, string> => ({
  'x-request-id': requestId,
  'cache-control': 'no-store',
  ...allowanceHeaders(request),
})
