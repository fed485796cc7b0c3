import type { ApplyProgress } from '#contract/apply/apply'
import type { Trx } from '#db/client'
import type { Generation } from '#db/queries/project-rows'
import type { ProjectContext } from '../context.ts'

/** Called with the progress of an apply while it runs. */
export type Report = (progress: ApplyProgress) => void

/** One apply under way: for whom, in which transaction, and into which environment. */
export type Run = { trx: Trx; context: ProjectContext; at: Generation; envId: string; force: boolean; report: Report }
