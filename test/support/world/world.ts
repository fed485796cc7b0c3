import type { Role, VerbGrant } from '#contract/common'
import { AddMember } from '#contract/members/members'
import { CreateToken } from '#contract/tokens/tokens'
import type { Database } from '#db/client'
import { findProjectToken } from '#db/queries/access/actors'
import { findOrganization } from '#db/queries/organizations/organizations'
import { findProject } from '#db/queries/projects/projects'
import { insertSession } from '#db/queries/accounts/sessions'
import { createTestDatabase } from '#test/support/database/database'
import type { Actor, ActorContext, OrgContext, ProjectContext, TokenActor, UserActor } from '#domain/context'
import type { ErrorCode } from '#contract/errors'
import { DomainError } from '#domain/errors'
import { newId } from '#domain/ids'
import { addMember } from '#domain/members/members'
import { createUser } from '#domain/accounts/users'
import { effectiveGrant } from '#domain/access/permissions'
import { createProject } from '#domain/projects/projects'
import { hashToken } from '#domain/tokens/text'
import { createToken } from '#domain/tokens/tokens'
import { createOrganization } from '#domain/organizations/organizations'
import { addOrganizationMember } from '#domain/organizations/members'

/** A world in a database of the test file's own: `const world = await openWorld()`, `afterAll(world.close)`. */
export async function openWorld(options: { max?: number } = {}) {
  const database = await createTestDatabase(options)
  return { ...(await createWorld(database.db)), close: () => database.drop() }
}

type Narrowed = Partial<Pick<ActorContext, 'verb' | 'ifMatch'>>

/**
 * An organization with its owner (`root`), created with the product's own functions, and helpers to build in it. Several fit in
 * one database.
 */
export async function createWorld(db: Database, slug = 'acme') {
  const org = await createOrganization(db, { slug, name: slug })
  let people = 0

  /** A new person in the organization, freshly signed in. */
  async function person(role: Role = 'member', name = `${role}-${++people}`): Promise<UserActor> {
    const user = await createUser(db, { email: `${name}@${slug}.test`, name })
    await addOrganizationMember(db, org, user, role)
    const sessionId = newId()
    await insertSession(db, { id: sessionId, user_id: user.id, address: null, user_agent: null, hours: 1 })
    const authenticatedAt = new Date().toISOString().replace('Z', '000Z')
    const identity = { id: user.id, name, email: user.email, avatarUrl: null }
    return { kind: 'user', ...identity, via: 'session', credentialId: sessionId, orgId: null, authenticatedAt }
  }
  const root = await person('owner', 'root')

  /** The context of a request by this actor to `/orgs/…`. */
  async function at(actor: Actor, narrowed: Narrowed = {}): Promise<OrgContext> {
    const row = await findOrganization(db, { id: org.id }, actor.kind === 'user' ? actor.id : null)
    const origin = { requestId: newId(), address: '192.0.2.1' }
    return { db, actor, verb: 'read', ifMatch: null, origin, ...narrowed, org: { id: org.id, slug, role: row!.role } }
  }

  /**
   * The context of a request by this actor to this project, as `server/http/resolve.ts` makes it. Throws where that answers 404.
   */
  async function inside(project: { id: string }, actor: Actor = root, narrowed: Narrowed = {}): Promise<ProjectContext> {
    const context = await at(actor, narrowed)
    const row = await findProject(db, org.id, { id: project.id }, actor.kind === 'user' ? actor.id : null)
    const { role, env_id: envId, cell_scopes: cellScopes, verbs, expires_at: expiresAt } = row ?? {}
    const own = role && { role, envId: envId!, cellScopes: cellScopes!, verbs: verbs as VerbGrant[], expiresAt: expiresAt! }
    const grant = actor.kind === 'user' ? effectiveGrant(context.org.role, own ?? undefined) : actor.grant
    if (!row || !grant) throw new DomainError('project_not_found', 'No such project')
    return { ...context, project: { id: row.id, slug: row.slug, generation: row.generation }, grant }
  }

  const project = async (projectSlug: string, owner: Actor = root) =>
    createProject(await at(owner), { name: projectSlug, slug: projectSlug })

  /** A new person with this membership in the project, and a plain member of the organization. */
  async function member(of: { id: string }, rights: Partial<Omit<AddMember, 'userId'>> = {}): Promise<UserActor> {
    const actor = await person()
    await addMember(await inside(of), AddMember.parse({ userId: actor.id, ...rights }))
    return actor
  }

  /** A project token and its text. */
  async function token(of: { id: string }, rights: Partial<CreateToken> = {}) {
    const { token: text } = await createToken(await inside(of), CreateToken.parse({ name: 'ci', ...rights }))
    const row = (await findProjectToken(db, hashToken(text)))!
    const { id, name, role, env_id: envId, cell_scopes: cellScopes, expires_at: expiresAt } = row
    const grant = { role, source: 'token' as const, envId, cellScopes, verbs: [], expiresAt }
    const actor: TokenActor = { kind: 'project_token', id, name, projectId: of.id, orgId: org.id, grant }
    return { actor, text }
  }

  return { db, org, root, person, at, inside, project, member, token }
}

/** The code of the refusal. Fails when the call succeeds, and rethrows errors that are no refusal. */
export async function refused(call: Promise<unknown>): Promise<ErrorCode> {
  const answer = await call.catch((error: unknown) => error)
  if (answer instanceof DomainError) return answer.code
  throw answer instanceof Error ? answer : new Error(`was not refused: ${JSON.stringify(answer)}`)
}

/** The first page of any list. */
export const page = { limit: 100 }
