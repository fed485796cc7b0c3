import type { CreateProject, Project } from '#contract/projects/projects'
import { inTransaction } from '#db/client'
import { listEnvironments } from '#db/queries/projects/environments'
import { findProject, lockGeneration } from '#db/queries/projects/projects'
import { assertCan, assertCanInOrganization, effectiveGrant, membershipOf } from '../access/permissions.ts'
import type { OrgContext, ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { projectKey } from '../ids.ts'
import { createEnvironment } from '../projects/environments.ts'
import { createProject } from '../projects/projects.ts'
import { projectGone } from '../writing.ts'
import { apply } from './apply.ts'
import { documentsOf, loadCatalog } from './catalog.ts'

/** Creates a project, empty or with the structure of another one, with the same verbs that users call. All or nothing. */
export async function createProjectLike(context: OrgContext, { cloneOf, ...input }: CreateProject): Promise<Project> {
  assertCanInOrganization(context, 'projects:create')
  if (cloneOf === undefined) return createProject(context, input)
  return inTransaction(context.db, async (trx) => {
    // An `If-Match` is about nothing that this creates.
    const inside = { ...context, db: trx, ifMatch: null }
    const source = await insideOf(inside, projectKey(cloneOf))
    assertCan(source, 'catalog:read')
    // Before anything else is locked, as everybody locks projects first. Nobody changes the catalog while it is copied.
    const locked = await lockGeneration(trx, context.org.id, source.project.id)
    if (!locked) throw projectGone()
    const from = { projectId: source.project.id, generation: locked.generation }
    const items = documentsOf(await loadCatalog(trx, from))
    const environments = await listEnvironments(trx, from.projectId, { only: null, after: undefined, limit: 1_000_000 })
    const project = await createProject(inside, input)
    const owner = await insideOf(inside, { id: project.id })
    for (const { name, is_default } of environments) if (!is_default) await createEnvironment(owner, { name })
    await applyWhole(owner, items)
    return project
  })
}

async function applyWhole(context: ProjectContext, items: Record<string, unknown>[]): Promise<void> {
  assertCan(context, 'apply:write')
  if (items.length === 0) return
  const { failed } = await apply(context, 'default', { items, force: false, deletions: [], dryRun: false })
  const [first] = failed
  if (first) throw new DomainError('invalid_import', `The catalog can’t be copied. ${first.kind} ${first.name}: ${first.error}`)
}

/** The caller's context inside a project of the organization. */
async function insideOf(context: OrgContext, key: { id: string } | { slug: string } | undefined): Promise<ProjectContext> {
  const row = key && (await findProject(context.db, context.org.id, key, context.actor.id))
  const grant = row && effectiveGrant(context.org.role, membershipOf(row))
  if (!row || !grant) throw projectGone()
  return { ...context, project: { id: row.id, slug: row.slug, generation: row.generation }, grant }
}
