import { ApiError } from './call.ts'

/** Nobody waits longer than this for a screen to mend itself, in seconds. */
const PATIENCE = 30

/** An answer below 500 will be the same when asked again; whoever asked too often is asked once more, when the server has said. */
export function worthRetrying(failures: number, error: Error): boolean {
  if (!(error instanceof ApiError)) return failures < 2
  if (error.status === 429) return failures < 1 && error.retryAfter !== null && error.retryAfter <= PATIENCE
  return error.status >= 500 && failures < 2
}

/** Milliseconds until then: what the server has said, else longer each time. */
export const retryDelay = (failures: number, error: Error): number =>
  error instanceof ApiError && error.retryAfter !== null ? error.retryAfter * 1000 : 1000 * 2 ** failures
