import type { Access } from '#contract/review/access'

/** The props of every tab of the catalog. */
export interface CatalogTabProps {
  org: string
  project: string
  /** Undefined while it is loading. */
  can: Access['can'] | undefined
}
