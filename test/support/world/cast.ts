import type { Role, VerbGrant } from '#contract/common'
import type { AddMember } from '#contract/members/members'
import { type Database, inTransaction } from '#db/client'
import { insertMember } from '#db/queries/members/members'
import { insertPersonalToken, insertToken } from '#db/queries/tokens/tokens'
import type { UserActor } from '#domain/context'
import { createEnvironment } from '#domain/projects/environments'
import { newId } from '#domain/ids'
import { hashPassword } from '#domain/accounts/passwords'
import { createWorld } from '#test/support/world/world'
import { newToken } from '#domain/tokens/text'

/** Only `orgOwner` has a password, because hashing is slow. */
export const ownersPassword = 'correct horse battery'

/** A person and their personal token. */
export type Player = UserActor & { token: string }

/**
 * Roles of the people of `acme` in the organization, and in every project that `project` creates; without a second role, not in
 * projects.
 */
const roles = {
  orgOwner: { org: 'owner' },
  orgAdmin: { org: 'admin' },
  orgMember: { org: 'member' },
  newcomer: { org: 'member' },
  owner: { org: 'member', rights: { role: 'owner' } },
  admin: { org: 'member', rights: { role: 'admin' } },
  member: { org: 'member', rights: { role: 'member' } },
  viewer: { org: 'member', rights: { role: 'viewer' } },
  guest: { org: 'member', rights: { role: 'viewer' } },
  envAdmin: { org: 'member', rights: { role: 'admin', envName: 'staging' } },
  cellAdmin: { org: 'member', rights: { role: 'admin', cellScopes: ['eu'] } },
} as const satisfies Record<string, { org: Role; rights?: Partial<AddMember> }>

type PlayerName = keyof typeof roles

export type Cast = Awaited<ReturnType<typeof createCast>>
export type Stage = Awaited<ReturnType<Cast['project']>>

/** One caller of every kind, each with a bearer token: the people of `acme`, and a stranger with an organization of their own. */
export async function createCast(db: Database) {
  const world = await createWorld(db)
  const elsewhere = await createWorld(db, 'other')

  async function player(orgId: string, actor: UserActor): Promise<Player> {
    return { ...actor, token: await personalToken(db, actor, orgId) }
  }
  const people = {} as Record<PlayerName, Player>
  for (const [name, { org }] of Object.entries(roles))
    people[name as PlayerName] = await player(world.org.id, await world.person(org, name.toLowerCase()))
  const password_hash = await hashPassword(ownersPassword)
  await db.updateTable('users').set({ password_hash }).where('id', '=', people.orgOwner.id).execute()
  const stranger = await player(elsewhere.org.id, elsewhere.root)

  /**
   * A project with all of its people in their roles, a second environment `staging`, and a token of every role. Hundreds of tests make
   * one each, so the rows are written as the verbs would write them, without what comes with each verb.
   */
  async function project(slug: string) {
    // A long proof creates projects for longer than a sign-in counts as fresh.
    world.root.authenticatedAt = new Date().toISOString().replace('Z', '000Z')
    const made = await world.project(slug)
    const { id: stagingId } = await createEnvironment(await world.inside(made), { name: 'staging' })
    const projectId = made.id
    const tokens = await inTransaction(db, async (trx) => {
      for (const [name, role] of Object.entries(roles)) {
        if (!('rights' in role)) continue
        const { role: inProject, ...scope } = role.rights
        await insertMember(trx, {
          id: newId(),
          project_id: projectId,
          user_id: people[name as PlayerName].id,
          role: inProject,
          env_id: 'envName' in scope ? stagingId : null,
          cell_scopes: 'cellScopes' in scope ? [...scope.cellScopes] : null,
          expires_at: null,
        })
      }
      const token = async (role: Role, verbs: VerbGrant[] = []) => {
        const { token: text, hash, prefix } = newToken('project')
        const limits = { env_id: null, cell_scopes: null, verbs, expires_at: null }
        const made_by = { created_by: world.root.name, made_by: world.root.id }
        const stored = { token_prefix: prefix, token_hash: hash, ...limits, ...made_by }
        await insertToken(trx, { id: newId(), project_id: projectId, name: 'ci', role, ...stored })
        return text
      }
      return {
        owner: await token('owner'),
        admin: await token('admin'),
        member: await token('member'),
        viewer: await token('viewer'),
        readOnly: await token('owner', ['read:*']),
      }
    })
    return { ...made, tokens }
  }

  return { world, elsewhere, people, stranger, project }
}

/** `orgId` null = valid in every organization of the person. */
export async function personalToken(
  db: Database,
  { id }: { id: string },
  orgId: string | null,
  expiresAt: string | null = null,
): Promise<string> {
  const { token, hash, prefix } = newToken('personal')
  await insertPersonalToken(db, {
    id: newId(),
    user_id: id,
    org_id: orgId,
    name: 'cast',
    token_prefix: prefix,
    token_hash: hash,
    expires_at: expiresAt,
  })
  return token
}
