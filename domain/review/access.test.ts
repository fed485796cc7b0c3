import { roles } from '#contract/words'
import type { Role } from '#contract/common'
import { afterAll, describe, expect, test } from 'vitest'
import { ProjectAction } from '#contract/access/permissions'
import { getAccess } from './access.ts'
import type { ProjectContext } from '../context.ts'
import { createEnvironment } from '../projects/environments.ts'
import { addMember, setVerbs } from '../members/members.ts'
import { nukeProject } from '../nuke/nuke.ts'
import { organizationAccess } from '../organizations/organizations.ts'
import type { DomainError } from '../errors.ts'
import { setProtection } from '../projects/projects.ts'
import { addEntity, addType, fill } from '#test/support/world/catalog'
import { createWorld, openWorld, refused } from '#test/support/world/world'
import { createPersonalToken } from '../tokens/tokens.ts'

const world = await openWorld()
const other = await createWorld(world.db, 'other')
afterAll(world.close)

const project = await world.project('p')
const root = await world.inside(project)
const { berlin } = await fill(root)
await createEnvironment(root, { name: 'staging' })
const staged = await addEntity(root, 'staged', { env: 'staging', properties: { country: 'de' } })
const narrow = await world.member(project, { cellScopes: ['germany'], expiresAt: '2099-01-01T00:00:00Z' })
const confined = await world.member(project, { envName: 'staging' })
const viewer = await world.member(project, { role: 'viewer' })

const ask = (context: ProjectContext, query: Partial<Parameters<typeof getAccess>[1]> = {}) => getAccess(context, query)

describe('getAccess of the caller', () => {
  test('gives role, source and what they allow, and why the rest is refused', async () => {
    const access = await ask(await world.inside(project, viewer))
    expect(access).toMatchObject({
      userId: viewer.id,
      role: 'viewer',
      source: 'project',
      envName: null,
      cellScopes: null,
      expiresAt: null,
    })
    expect(access.permissions).toEqual(['project:read', 'catalog:read', 'data:read'])
    expect(access.can['data:read']).toEqual({
      allowed: true,
      reason: null,
      rule: 'project_role',
      code: null,
      sentence: 'Everyone with access to this project may read data',
      ground: null,
      verbs: ['read'],
    })
    const reason = 'Only a member, admin or owner of this project may change data, not a viewer'
    expect(access.can['data:write']).toEqual({
      allowed: false,
      reason,
      rule: 'project_role',
      code: 'forbidden',
      sentence: reason,
      ground: 'Only a member, admin or owner of this project may do this',
      verbs: [],
    })
    const { 'members:manage': members, 'tokens:manage': tokens, 'owners:manage': owners } = access.can
    expect(members.ground).toBe(tokens.ground)
    expect(owners.ground).not.toBe(members.ground)
    expect(Object.keys(access.can).toSorted()).toEqual(ProjectAction.options.toSorted())
  })

  test('says how it is limited', async () => {
    expect(await ask(await world.inside(project, narrow))).toMatchObject({
      cellScopes: ['germany'],
      expiresAt: '2099-01-01T00:00:00.000000Z',
    })
    expect(await ask(await world.inside(project, confined))).toMatchObject({ envName: 'staging', cellScopes: null })
  })

  test('refuses what needs a verb that the access lacks, and names the verb', async () => {
    const reader = await world.member(project, { role: 'admin' })
    await setVerbs(root, reader.id, ['read:*'])
    const { can, permissions } = await ask(await world.inside(project, reader))
    expect(permissions).toEqual(['project:read', 'catalog:read', 'data:read', 'secrets:read', 'audit:read'])
    expect(can['data:write']).toMatchObject({
      allowed: false,
      reason: expect.stringMatching(/does not include (create|update|delete)/),
    })
    expect(can['project:update']).toMatchObject({
      allowed: false,
      reason: 'Your access to this project does not include update:*',
      rule: 'verbs',
      code: 'verb_not_granted',
    })
    // Listing tokens stays allowed.
    expect(can['tokens:manage']).toMatchObject({ allowed: false, rule: 'verbs', verbs: ['read'] })
  })

  test('a token is no person, and an owner of the organization owns the project', async () => {
    const { actor } = await world.token(project, { role: 'admin' })
    expect(await ask(await world.inside(project, actor))).toMatchObject({ userId: null, role: 'admin', source: 'token' })
    const orgOwner = await world.person('owner')
    const access = await ask(await world.inside(project, orgOwner))
    expect(access).toMatchObject({ role: 'owner', source: 'organization' })
    expect(access.permissions).toEqual(ProjectAction.options)
  })
})

describe('getAccess of another person', () => {
  test('is for callers who manage members', async () => {
    expect(await refused(ask(await world.inside(project, viewer), { userId: narrow.id }))).toBe('forbidden')
    expect(
      await refused(
        ask(await world.inside(project, await world.member(project, { role: 'admin', cellScopes: [] })), { userId: narrow.id }),
      ),
    ).toBe('scoped_actor')
    expect(await ask(root, { userId: narrow.id })).toMatchObject({ userId: narrow.id, role: 'member', cellScopes: ['germany'] })
  })

  test('says that a person has no access, and refuses people outside the organization', async () => {
    const nobody = await world.person()
    expect(await ask(root, { userId: nobody.id })).toMatchObject({
      role: null,
      source: null,
      permissions: [],
      can: { 'project:read': { allowed: false } },
    })
    expect(await refused(ask(root, { userId: other.root.id }))).toBe('user_not_found')
  })
})

describe('getAccess with an entity names the rule', () => {
  const why = async (userId: string | undefined, entity: string, env = 'default', context = root) =>
    (await ask(context, { userId, env, entity })).entity?.rule

  test('for the caller and for others', async () => {
    const nobody = await world.person()
    expect(await why(undefined, 'berlin')).toBe('unrestricted')
    expect(await why(narrow.id, 'berlin')).toBe('in_cell_scope')
    expect(await why(narrow.id, berlin.id)).toBe('in_cell_scope')
    expect(await why(narrow.id, 'paris')).toBe('outside_cell_scope')
    expect(await why(narrow.id, 'nowhere')).toBe('no_cell')
    expect(await why(confined.id, 'berlin')).toBe('outside_environment')
    expect(await why(confined.id, staged.name, 'staging')).toBe('unrestricted')
    expect(await why(nobody.id, 'berlin')).toBe('no_access')
    expect(await why(narrow.id, 'unknown')).toBe('no_such_entity')
    expect(await why(narrow.id, 'berlin', 'unknown')).toBe('no_such_entity')
  })

  test('in sentences that name what they concern', async () => {
    const { entity } = await ask(root, { userId: narrow.id, env: 'default', entity: 'paris' })
    expect(entity).toMatchObject({ visible: false, reason: expect.stringContaining('europe, france') })
  })

  test('never mentions what a limited caller cannot see', async () => {
    const [seeing, elsewhere] = [await world.inside(project, narrow), await world.inside(project, confined)]
    expect(await why(undefined, 'berlin', 'default', seeing)).toBe('in_cell_scope')
    for (const entity of ['paris', 'nowhere', 'unknown'])
      expect(await why(undefined, entity, 'default', seeing)).toBe('no_such_entity')
    expect(await why(undefined, 'berlin', 'default', elsewhere)).toBe('no_such_entity')
  })

  test('asks for an id when a name is ambiguous', async () => {
    await addType(root, { name: 'rack', properties: [] })
    const rack = await addEntity(root, 'berlin', { entityType: 'rack' })
    expect(await refused(ask(root, { userId: narrow.id, env: 'default', entity: 'berlin' }))).toBe('ambiguous_name')
    expect(await why(narrow.id, rack.id)).toBe('no_cell')
    expect(await why(narrow.id, berlin.id)).toBe('in_cell_scope')
  })
})

describe('getAccess of a token', () => {
  test('is for callers who manage tokens, and for the token itself', async () => {
    const { actor } = await world.token(project, { role: 'admin', cellScopes: ['germany'] })
    const explanation = await ask(root, { tokenId: actor.id })
    expect(explanation).toMatchObject({
      userId: null,
      tokenId: actor.id,
      role: 'admin',
      source: 'token',
      from: { kind: 'token', id: actor.id, name: 'ci' },
      cellScopes: ['germany'],
    })
    expect(explanation.can['tokens:manage']).toMatchObject({ rule: 'cells', code: 'scoped_actor' })
    expect(explanation.destroying.nuke).toMatchObject({ allowed: false, rule: 'cells', asks: [] })
    expect(await ask(await world.inside(project, actor), { tokenId: actor.id })).toEqual(explanation)
    expect(await refused(ask(await world.inside(project, viewer), { tokenId: actor.id }))).toBe('forbidden')
    const elsewhere = await world.token(await world.project('elsewhere'))
    expect(await refused(ask(root, { tokenId: elsewhere.actor.id }))).toBe('token_not_found')
  })

  test('checks an entity with the token’s own access', async () => {
    const { actor } = await world.token(project, { cellScopes: ['germany'] })
    const rule = async (entity: string) => (await ask(root, { tokenId: actor.id, env: 'default', entity })).entity?.rule
    expect([await rule(berlin.id), await rule('paris')]).toEqual(['in_cell_scope', 'outside_cell_scope'])
  })

  test('reports no access, by the expired rule, for an expired token and an expired member', async () => {
    const { actor } = await world.token(project, { role: 'owner', expiresAt: '2099-01-01T00:00:00Z' })
    const gone = await world.member(project, { expiresAt: '2099-01-01T00:00:00Z' })
    const past = { expires_at: '2020-01-01T00:00:00.000000Z' }
    await world.db.updateTable('project_tokens').set(past).where('id', '=', actor.id).execute()
    await world.db.updateTable('project_members').set(past).where('user_id', '=', gone.id).execute()
    const [token, person] = [await ask(root, { tokenId: actor.id }), await ask(root, { userId: gone.id })]
    expect(token).toMatchObject({
      role: null,
      permissions: [],
      can: { 'data:read': { rule: 'expired', code: 'unauthenticated' } },
    })
    expect(person).toMatchObject({ role: null, can: { 'data:read': { rule: 'expired', code: 'project_not_found' } } })
  })

  test('explains the caller’s own token with the caller’s access, and nobody may ask about another person’s', async () => {
    const created = await createPersonalToken(await world.at(viewer, { verb: 'create' }), { name: 'laptop' })
    const { tokenId, ...explanation } = await ask(await world.inside(project, viewer), { tokenId: created.id })
    const { tokenId: none, destroying, ...own } = await ask(await world.inside(project, viewer))
    expect([tokenId, none]).toEqual([created.id, null])
    expect(explanation).toMatchObject(own)
    expect(await refused(ask(root, { tokenId: created.id }))).toBe('token_not_found')
    expect(destroying.nuke.allowed).toBe(false)
  })
})

test.for(roles)('says to a %s which roles they may give, as adding a member then decides', async (role) => {
  const own = await world.project(`granting-${role}`)
  const at = await world.inside(own, await world.member(own, { role }), { verb: 'create' })
  const { grants } = await ask(at)
  for (const given of roles) {
    const { id } = await world.person('member')
    const answered = await addMember(at, { userId: id, role: given }).then(
      () => null,
      ({ code }: DomainError) => code,
    )
    expect({ given, answered }).toEqual({ given, answered: grants[given].code })
  }
})

test('a protected project refuses what destroys, and says so', async () => {
  await setProtection(root, { protected: true, reason: 'Live traffic.' })
  const { can, destroying } = await ask(root)
  const reason = 'This project is protected from nuke and deletion: Live traffic. An owner can remove the protection'
  for (const one of [destroying.nuke, destroying.delete])
    expect(one).toMatchObject({ allowed: false, rule: 'protected', code: 'deletion_protected', reason })
  expect(can['apply:write'].allowed).toBe(true)
  expect(await refused(nukeProject(root, { confirm: 'p' }))).toBe('deletion_protected')
  await setProtection(root, { protected: false })
  expect((await ask(root)).destroying.nuke).toMatchObject({ allowed: true, asks: ['confirmation', 'fresh_sign_in'] })
})

describe('organizationAccess', () => {
  test('says which roles the caller may give, with the reason for those they may not', async () => {
    const of = async (role: Role) => {
      const { grants } = await organizationAccess(await world.at(await world.person(role)))
      return roles.filter((given) => grants[given].allowed)
    }
    expect(await of('owner')).toEqual(['owner', 'admin', 'member', 'viewer'])
    expect(await of('admin')).toEqual(['admin', 'member', 'viewer'])
    expect(await of('member')).toEqual([])
    const { grants } = await organizationAccess(await world.at(await world.person('admin')))
    expect(grants.owner.reason).toMatch(/Only an owner/)
  })

  test('names the rule for every action', async () => {
    const { can } = await organizationAccess(await world.at(viewer))
    expect(can['projects:create']).toMatchObject({ allowed: false, rule: 'organization_role', code: 'forbidden' })
    expect(can['organization:read']).toMatchObject({ allowed: true, rule: 'organization_role', code: null })
    const { actor } = await world.token(project, { role: 'owner' })
    const token = await organizationAccess(await world.at(actor))
    expect(token.can['people:manage']).toMatchObject({ allowed: false, rule: 'credential', code: 'forbidden' })
  })

  test('explains other people’s access to callers who manage people', async () => {
    const at = await world.at(world.root)
    expect(await organizationAccess(at, { userId: viewer.id })).toEqual(await organizationAccess(await world.at(viewer)))
    expect(await refused(organizationAccess(await world.at(viewer), { userId: world.root.id }))).toBe('forbidden')
    expect(await refused(organizationAccess(at, { userId: other.root.id }))).toBe('user_not_found')
  })
})
