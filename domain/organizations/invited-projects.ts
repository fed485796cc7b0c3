import { Slug, type Role } from '#contract/common'
import type { InviteToProject } from '#contract/organizations/invitations'
import type { Trx } from '#db/client'
import { findProject } from '#db/queries/projects/projects'
import { storedScopes } from '../stored-names.ts'
import type { OrgContext } from '../context.ts'
import { environmentIdOf } from '../projects/environments.ts'
import { DomainError } from '../errors.ts'
import { isId } from '../ids.ts'
import { assertMayGrant, effectiveGrant, membershipOf } from '../access/permissions.ts'

/** A membership that an invitation promises, as stored. */
export type PromisedProject = {
  project_id: string
  slug: string
  role: Role
  env_id: string | null
  envName: string | null
  cell_scopes: string[] | null
  expires_at: string | null
}

/** The given projects, looked up. Throws for an unknown or repeated project, and for more than the inviter may grant. */
export async function resolveInvitedProjects(
  trx: Trx,
  context: OrgContext,
  given: InviteToProject[],
): Promise<PromisedProject[]> {
  const found: PromisedProject[] = []
  for (const one of given) {
    // oxlint-disable-next-line no-await-in-loop -- a handful, and the first that is wrong is the answer
    const project = await promised(trx, context, one)
    if (found.some(({ project_id }) => project_id === project.project_id))
      throw new DomainError('invited_twice', `The project ${project.slug} is named twice. Name it once`)
    found.push(project)
  }
  return found
}

async function promised(trx: Trx, { org, actor }: OrgContext, given: InviteToProject): Promise<PromisedProject> {
  const named = given.projectId ?? given.slug ?? ''
  const key =
    given.projectId !== undefined && isId(named)
      ? { id: named.toLowerCase() }
      : Slug.safeParse(named).success
        ? { slug: named }
        : undefined
  const row = key && (await findProject(trx, org.id, key, actor.kind === 'user' ? actor.id : null))
  const grant = effectiveGrant(org.role, membershipOf(row))
  if (!row || !grant) throw new DomainError('project_not_found', `There is no project ${named}`)
  assertMayGrant({ grant }, { role: given.role, expiresAt: given.expiresAt ?? null })
  return {
    project_id: row.id,
    slug: row.slug,
    role: given.role,
    env_id: await environmentIdOf(trx, row.id, given.envName),
    envName: given.envName ?? null,
    cell_scopes: await storedScopes(trx, { projectId: row.id, generation: row.generation }, given.cellScopes),
    expires_at: given.expiresAt ?? null,
  }
}
