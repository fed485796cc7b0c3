import type { Abilities } from '#components/access/role'

export interface InProject {
  org: string
  project: string
  access: Abilities
  /** `true` means several members changed, so the selection is cleared. */
  onClose: (changed?: boolean) => void
}
