import { type Trx, inTransaction } from '#db/client'
import { lockGeneration, lockProject } from '#db/queries/projects/projects'
import type { Generation } from '#db/queries/project-rows'
import type { ProjectContext } from './context.ts'
import { DomainError } from './errors.ts'

export const projectGone = () => new DomainError('project_not_found', 'No such project')

/**
 * A transaction that writes project data. It shares the project's row with other writers and holds off a nuke until it commits,
 * so that no row is acknowledged into a dead generation.
 */
export function writingData<T>({ db, org, project }: ProjectContext, work: (trx: Trx, at: Generation) => Promise<T>): Promise<T> {
  return inTransaction(db, async (trx) => {
    const locked = await lockGeneration(trx, org.id, project.id)
    if (!locked) throw projectGone()
    return work(trx, { projectId: project.id, generation: locked.generation })
  })
}

/** A transaction that has the project to itself: for its catalog, its shell, nuke and undo. */
export function writingProject<T>(
  { db, org, project }: ProjectContext,
  work: (trx: Trx, locked: NonNullable<Awaited<ReturnType<typeof lockProject>>>, at: Generation) => Promise<T>,
): Promise<T> {
  return inTransaction(db, async (trx) => {
    const locked = await lockProject(trx, org.id, project.id)
    if (!locked) throw projectGone()
    return work(trx, locked, { projectId: project.id, generation: locked.generation })
  })
}

/** The generation of this context's project, which resolving the URL already fetched. */
export const reading = ({ project }: ProjectContext): Generation => ({ projectId: project.id, generation: project.generation })
