import type { Abilities } from '#components/access/role'

export interface InProject {
  org: string
  project: string
  can: Abilities
  /** `true`: many were changed, so that what was chosen is done with. */
  onClose: (changed?: boolean) => void
}
