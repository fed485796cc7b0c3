import type { ApplyProgress } from '#contract/apply/apply'

/** Told how far an apply has come, while it is still under way. */
export type Report = (progress: ApplyProgress) => void
