import type { Role } from '#contract/common'

export const organization = { slug: 'acme-fleet', name: 'Acme Fleet' }

const at = (name: string) => `${name}@acme-fleet.example`

/** The people and their organization roles. Their project roles are in each project's file. */
export const cast = {
  mara: { name: 'Mara Lindqvist', email: at('mara.lindqvist'), role: 'owner' },
  tomas: { name: 'Tomás Echeverría', email: at('tomas.echeverria'), role: 'admin' },
  priya: { name: 'Priya Raman', email: at('priya.raman'), role: 'admin' },
  jonas: { name: 'Jonas Weber', email: at('jonas.weber'), role: 'member' },
  aiko: { name: 'Aiko Tanaka', email: at('aiko.tanaka'), role: 'member' },
  samuel: { name: 'Samuel Okafor', email: at('samuel.okafor'), role: 'member' },
  chloe: { name: 'Chloé Dubois', email: at('chloe.dubois'), role: 'member' },
  daniel: { name: 'Daniel Kim', email: at('daniel.kim'), role: 'member' },
  leila: { name: 'Leila Haddad', email: at('leila.haddad'), role: 'viewer' },
  marek: { name: 'Marek Novák', email: at('marek.novak'), role: 'member' },
  ingrid: { name: 'Ingrid Solberg', email: at('ingrid.solberg'), role: 'member' },
  ravi: { name: 'Ravi Menon', email: at('ravi.menon'), role: 'member' },
  grace: { name: 'Grace Mbeki', email: at('grace.mbeki'), role: 'viewer' },
  owen: { name: 'Owen Gallagher', email: at('owen.gallagher'), role: 'member' },
} as const satisfies Record<string, { name: string; email: string; role: Role }>

export type Who = keyof typeof cast
