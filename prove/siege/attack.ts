import type { Onslaught } from './onslaught.ts'

export type Attack = {
  name: string
  /** In one sentence, for the table. */
  what: string
  /** The statuses that its callers may get. A connection may be cut as well. */
  answers: readonly number[]
  /** Its refusals may be other than JSON: pages are HTML, and next-auth has forms of its own. */
  isPage?: boolean
  /** It shows its effect only after so many seconds. */
  seconds?: number
  /** Sets up through the API what the attack needs, as an ordinary tenant would. */
  prepare?: (onslaught: Onslaught) => Promise<void>
  /** Begins; it goes on until the onslaught is over. */
  start: (onslaught: Onslaught) => void
}

/** What an attacker may be refused with when nothing is wrong with the request but its weight. */
export const overload = [408, 413, 429, 503] as const
