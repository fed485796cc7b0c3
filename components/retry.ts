/** The longest wait for an automatic retry, in seconds. */
const PATIENCE = 30

/** Fields of the API's refusals beside the message; a bug has none of them. */
type Refusal = Error & { status?: number; retryAfter?: number | null }

/**
 * Answers below 500 stay the same, so they are not retried. A rate-limited call is retried once, after the time that the server
 * gave.
 */
export function worthRetrying(failures: number, { status, retryAfter = null }: Refusal): boolean {
  if (status === 429) return failures < 1 && retryAfter !== null && retryAfter <= PATIENCE
  return failures < 2 && (status === undefined || status >= 500)
}

/** Milliseconds until the retry: as the server said, else with backoff. */
export const retryDelay = (failures: number, { retryAfter = null }: Refusal): number =>
  retryAfter === null ? 1000 * 2 ** failures : retryAfter * 1000
