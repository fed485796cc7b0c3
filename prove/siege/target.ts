export type Place = { id: string; slug: string; token: string }

type Tenant = { id: string; slug: string; email: string; owner: string; slugs: string[]; spare: string[] }

/** What attackers and the neighbor know of the server: their own URLs and credentials, and none of each other's. */
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

/**
 * The attacker's projects: an ordinary one, one with many rows, one with large rows, and one for each attack that would spoil
 * another's.
 */
export const hostilePlaces = ['plain', 'crowded', 'fat', 'locked', 'chained', 'nuked'] as const

/** Where an attack goes, and how hard it hits. */
export type Target = { host: string; port: number; world: World; much: boolean }
