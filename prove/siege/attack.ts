import type { Onslaught } from './onslaught.ts'

export type Attack = {
  name: string
  /** In one sentence, for the table. */
  what: string
  /** The statuses that its callers may get. A connection may also be cut. */
  answers: readonly number[]
  /** Its refusals may be other than JSON: pages are HTML, and next-auth has forms of its own. */
  isPage?: boolean
  /** It shows its effect only after this many seconds. */
  seconds?: number
  /** Sets up what the attack needs through the API, as an ordinary tenant would. */
  prepare?: (onslaught: Onslaught) => Promise<void>
  /** Starts the attack, which continues until the onslaught ends. */
  start: (onslaught: Onslaught) => void
}

/** The refusals that a valid but heavy request may get. */
export const overload = [408, 413, 429, 503] as const
