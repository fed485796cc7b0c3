import { randomUUID } from 'node:crypto'
import type { Database } from '#db/client'
import type { OrgContext, ProjectContext, UserActor } from '#domain/context'
import { issuePersonalToken } from '#domain/tokens/issued'
import { createUser } from '#domain/accounts/users'
import { createProject } from '#domain/projects/projects'
import { resolveOrganization, resolveProject } from '#server/http/resolve'
import { createOrganization } from '#domain/organizations/organizations'

export type World = {
  token: string
  addProject(slug: string): Promise<void>
  /** The owner's context in one of the projects, as a request with a token has it. */
  inProject(slug: string): Promise<ProjectContext>
}

/** Creates an organization with one owner and a personal token of the owner. */
export async function newWorld(db: Database): Promise<World> {
  const owner = await createUser(db, { email: 'owner@example.com', name: 'Owner' })
  const org = await createOrganization(db, { slug: 'bench', name: 'Bench', owner })
  const { id, token } = await issuePersonalToken(db, owner, org, { name: 'bench' })
  const person = { id: owner.id, email: owner.email, name: 'Owner', avatarUrl: null }
  const actor: UserActor = {
    kind: 'user',
    ...person,
    via: 'personal_token',
    credentialId: id,
    orgId: org.id,
    authenticatedAt: null,
  }

  const inOrganization = (): Promise<OrgContext> =>
    resolveOrganization(
      { db, actor, verb: 'update', origin: { requestId: randomUUID(), address: null }, ifMatch: null },
      org.slug,
    )
  return {
    token,
    addProject: async (slug) => void (await createProject(await inOrganization(), { slug, name: `Project ${slug}` })),
    inProject: async (slug) => resolveProject(await inOrganization(), slug),
  }
}
