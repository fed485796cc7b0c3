import type { Onslaught } from './onslaught.ts'

export type Place = { id: string; slug: string; token: string }
type Tenant = { id: string; slug: string; email: string; owner: string; slugs: string[]; spare: string[] }

/** What attackers and the neighbor know of the server: their own URLs and credentials, and nothing of each other's. */
export type World = {
  password: string
  hostile: Tenant & {
    /** A viewer's token with an empty list of cells: it sees next to nothing. */
    weakest: string
    places: Record<(typeof hostilePlaces)[number], Place>
    empty: Place[]
  }
  neighbor: Tenant & { place: Place }
}

/** The attacker's projects: an ordinary one, one with many rows, one with large rows, and one for each attack that would spoil another's. */
export const hostilePlaces = ['plain', 'crowded', 'fat', 'locked', 'chained', 'nuked'] as const

/** Where an attack goes, and how hard it hits. */
export type Target = { host: string; port: number; world: World; much: boolean }

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
