/** Nobody waits longer than this for a screen to mend itself, in seconds. */
const PATIENCE = 30

/** What the API's refusals say beside their sentence; a bug says none of it. */
type Refusal = Error & { status?: number; retryAfter?: number | null }

/** An answer below 500 will be the same when asked again; whoever asked too often is asked once more, when the server has said. */
export function worthRetrying(failures: number, { status, retryAfter = null }: Refusal): boolean {
  if (status === 429) return failures < 1 && retryAfter !== null && retryAfter <= PATIENCE
  return failures < 2 && (status === undefined || status >= 500)
}

/** Milliseconds until then: what the server has said, else longer each time. */
export const retryDelay = (failures: number, { retryAfter = null }: Refusal): number =>
  retryAfter === null ? 1000 * 2 ** failures : retryAfter * 1000
