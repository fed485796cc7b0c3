import type { Access } from '#contract/review/access'

/** What every tab of the catalog is given. */
export interface CatalogTabProps {
  org: string
  project: string
  /** Undefined while it is not known. */
  can: Access['can'] | undefined
}
