import type { Project } from '#contract/projects/projects'
import { inTransaction } from '#db/client'
import { findProject } from '#db/queries/projects/projects'
import type { OrgContext, ProjectContext } from '#domain/context'
import { createEnvironment } from '#domain/projects/environments'
import { DomainError } from '#domain/errors'
import { assertCanInOrganization, effectiveGrant, membershipOf } from '#domain/access/permissions'
import { createProject } from '#domain/projects/projects'
import { applySampleCatalog, fillWithSample } from './fill.ts'

const environments = { production: { services: 144, databases: 42 }, staging: { services: 48, databases: 12 } }

/** Creates a project to explore, with the same verbs that users call. Creates all of it or, on any error, nothing. */
export async function createSampleProject(context: OrgContext): Promise<Project> {
  assertCanInOrganization(context, 'projects:create')
  return inTransaction(context.db, async (trx) => {
    // An `If-Match` is about nothing that this creates.
    const inside = { ...context, db: trx, ifMatch: null }
    const project = await createNextFree(inside)
    const owner = await asCreator(inside, project)
    for (const name of Object.keys(environments)) await createEnvironment(owner, { name })
    await applySampleCatalog(owner)
    for (const [name, size] of Object.entries(environments)) await fillWithSample(owner, name, size)
    return project
  })
}

const isTaken = (error: unknown) => error instanceof DomainError && error.code === 'slug_taken'

/** Uses `sample`, or adds the first free number: a deleted project keeps its slug for a while. */
async function createNextFree(context: OrgContext, number = 1): Promise<Project> {
  const suffix = number === 1 ? '' : String(number)
  const input = { name: `Sample ${suffix}`.trim(), slug: suffix ? `sample-${suffix}` : 'sample' }
  return createProject(context, input).catch((error: unknown) => {
    if (!isTaken(error)) throw error
    return createNextFree(context, number + 1)
  })
}

/** The creator's context inside the new project. */
async function asCreator(context: OrgContext, { id, slug }: Project): Promise<ProjectContext> {
  const row = (await findProject(context.db, context.org.id, { id }, context.actor.id))!
  return {
    ...context,
    project: { id, slug, generation: row.generation },
    grant: effectiveGrant(context.org.role, membershipOf(row))!,
  }
}
