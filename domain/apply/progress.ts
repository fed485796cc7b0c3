import type { ApplyProgress } from '#contract/apply/apply'

/** Called with the progress of an apply while it runs. */
export type Report = (progress: ApplyProgress) => void
