import { afterAll, describe, expect, test } from 'vitest'
import { CreateToken } from '#contract/tokens/tokens'
import { findPersonalToken, findProjectToken } from '#db/queries/access/actors'
import type { OrgContext, UserActor } from '../context.ts'
import { createEnvironment } from '../projects/environments.ts'
import { deleteProject } from '../projects/projects.ts'
import { createWorld, openWorld, page, refused } from '#test/support/world/world'
import { hashToken, tokenKind } from './text.ts'
import {
  createPersonalToken,
  createToken,
  listPersonalTokens,
  listTokens,
  revokePersonalToken,
  revokeToken,
  rotateToken,
} from './tokens.ts'

const world = await openWorld()
const other = await createWorld(world.db, 'other')
afterAll(world.close)

let n = 0
const newProject = () => world.project(`p${++n}`)
const input = (rights: Partial<CreateToken> = {}) => CreateToken.parse({ name: 'ci', ...rights })
/** What the token gives the next request; undefined when it is refused. */
const lookUp = (text: string) => findProjectToken(world.db, hashToken(text))
const secondsLeft = (time: string | null) => (Date.parse(time!) - Date.now()) / 1000

describe('createToken', () => {
  test('shows the text once, stores only its hash, and works at once', async () => {
    const project = await newProject()
    const { token, ...metadata } = await createToken(await world.inside(project), input({ role: 'viewer', cellScopes: ['a'] }))
    expect(tokenKind(token)).toBe('project')
    expect(metadata).toEqual({
      id: expect.any(String),
      name: 'ci',
      tokenPrefix: token.slice(0, 10),
      role: 'viewer',
      permissions: [],
      envName: null,
      cellScopes: ['a'],
      expiresAt: null,
      createdAt: expect.any(String),
      createdBy: world.root.email,
      lastUsedAt: null,
      lastUsedAddress: null,
      allowedAddresses: [],
    })
    expect((await listTokens(await world.inside(project), page)).items).toEqual([metadata])
    expect(await lookUp(token)).toMatchObject({ project_id: project.id, role: 'viewer', cell_scopes: ['a'] })
    const stored = await world.db.selectFrom('project_tokens').selectAll().where('id', '=', metadata.id).executeTakeFirstOrThrow()
    const events = await world.db
      .selectFrom('audit_events')
      .select(['after', 'before'])
      .where('project_id', '=', project.id)
      .execute()
    expect(JSON.stringify([stored, events])).not.toContain(token.slice(11))
    expect(stored.token_hash).toEqual(hashToken(token))
  })

  test('is limited to an environment of its project', async () => {
    const [project, elsewhere] = [await newProject(), await newProject()]
    await createEnvironment(await world.inside(elsewhere), { name: 'theirs' })
    await createEnvironment(await world.inside(project), { name: 'staging' })
    const context = await world.inside(project)
    expect(await refused(createToken(context, input({ envName: 'theirs' })))).toBe('no_such_environment')
    expect(await createToken(context, input({ envName: 'staging' }))).toMatchObject({ envName: 'staging' })
  })

  test('an admin makes no owner token, and nobody makes one that outlasts their own access', async () => {
    const project = await newProject()
    const admin = await world.inside(project, await world.member(project, { role: 'admin', expiresAt: '2030-01-01T00:00:00Z' }))
    const expiresAt = '2029-01-01T00:00:00Z'
    expect(await refused(createToken(admin, input({ role: 'owner', expiresAt })))).toBe('forbidden')
    expect(await refused(createToken(admin, input({ role: 'viewer' })))).toBe('forbidden')
    expect(await createToken(admin, input({ role: 'admin', expiresAt }))).toMatchObject({
      role: 'admin',
      expiresAt: '2029-01-01T00:00:00.000000Z',
    })
  })

  test('a token makes tokens within its own rights', async () => {
    const project = await newProject()
    const context = await world.inside(project, (await world.token(project, { role: 'admin', name: 'maker' })).actor)
    expect(await createToken(context, input({ role: 'admin' }))).toMatchObject({ createdBy: 'maker' })
    expect(await refused(createToken(context, input({ role: 'owner' })))).toBe('forbidden')
  })
})

describe.for(['member', 'viewer', 'scoped'] as const)('for a %s', (role) => {
  test('refuses every verb', async () => {
    const project = await newProject()
    const { actor } = await world.token(project)
    const rights = role === 'scoped' ? { role: 'admin' as const, cellScopes: ['a'] } : { role }
    const context = await world.inside(project, await world.member(project, rights))
    const codes = await Promise.all([
      refused(createToken(context, input())),
      refused(listTokens(context, page)),
      refused(revokeToken(context, actor.id)),
      refused(rotateToken(context, actor.id, { overlapSeconds: 0 })),
    ])
    expect(new Set(codes)).toEqual(new Set([role === 'scoped' ? 'scoped_actor' : 'forbidden']))
  })
})

test('does not find a token of another project', async () => {
  const [project, elsewhere] = [await newProject(), await newProject()]
  const { actor, text } = await world.token(elsewhere)
  const context = await world.inside(project)
  expect((await listTokens(context, page)).items).toEqual([])
  expect(await refused(revokeToken(context, actor.id))).toBe('token_not_found')
  expect(await refused(rotateToken(context, actor.id, { overlapSeconds: 0 }))).toBe('token_not_found')
  expect(await lookUp(text)).toBeDefined()
})

describe('revokeToken', () => {
  test('refuses the token from the next request on, and no longer lists it', async () => {
    const project = await newProject()
    const { actor, text } = await world.token(project)
    expect(await revokeToken(await world.inside(project), actor.id)).toEqual({ id: actor.id, revoked: true })
    expect(await lookUp(text)).toBeUndefined()
    expect((await listTokens(await world.inside(project), page)).items).toEqual([])
    expect(await refused(revokeToken(await world.inside(project), actor.id))).toBe('token_not_found')
  })

  test('an admin cannot revoke an owner’s token', async () => {
    const project = await newProject()
    const { actor, text } = await world.token(project, { role: 'owner' })
    const context = await world.inside(project, await world.member(project, { role: 'admin' }))
    expect(await refused(revokeToken(context, actor.id))).toBe('forbidden')
    expect(await refused(rotateToken(context, actor.id, { overlapSeconds: 0 }))).toBe('forbidden')
    expect(await lookUp(text)).toBeDefined()
  })
})

describe('rotateToken', () => {
  test('gives a new text with the same rights, and the old one works for the overlap', async () => {
    const project = await newProject()
    const rights = { role: 'viewer', cellScopes: ['a'], envName: 'default', expiresAt: '2099-01-01T00:00:00Z' } as const
    const { actor, text } = await world.token(project, { ...rights, cellScopes: ['a'] })
    const rotated = await rotateToken(await world.inside(project), actor.id, { overlapSeconds: 3600 })
    expect(rotated).toMatchObject({
      name: 'ci',
      role: 'viewer',
      cellScopes: ['a'],
      envName: 'default',
      expiresAt: '2099-01-01T00:00:00.000000Z',
    })
    expect(rotated.id).not.toBe(actor.id)
    const old = await lookUp(text)
    expect(secondsLeft(old!.expires_at)).toBeGreaterThan(3590)
    expect(secondsLeft(old!.expires_at)).toBeLessThanOrEqual(3601)
    expect((await lookUp(rotated.token))?.id).toBe(rotated.id)
  })

  test('without an overlap the old one ends at once and cannot be rotated again', async () => {
    const project = await newProject()
    const { actor, text } = await world.token(project)
    await rotateToken(await world.inside(project), actor.id, { overlapSeconds: 0 })
    expect(await lookUp(text)).toBeUndefined()
    expect(await refused(rotateToken(await world.inside(project), actor.id, { overlapSeconds: 60 }))).toBe('token_expired')
  })

  test('never extends the lifetime', async () => {
    const project = await newProject()
    const { actor, text } = await world.token(project, { expiresAt: new Date(Date.now() + 60_000).toISOString() })
    const rotated = await rotateToken(await world.inside(project), actor.id, { overlapSeconds: 3600 })
    expect(secondsLeft((await lookUp(text))!.expires_at)).toBeLessThanOrEqual(60)
    expect(secondsLeft(rotated.expiresAt)).toBeLessThanOrEqual(60)
  })
})

describe('a project token', () => {
  test('ends when it expires and when its project is deleted', async () => {
    const project = await newProject()
    const { actor, text } = await world.token(project, { expiresAt: '2030-01-01T00:00:00Z' })
    const { text: lasting } = await world.token(project)
    await world.db.updateTable('project_tokens').set({ expires_at: '2020-01-01T00:00:00Z' }).where('id', '=', actor.id).execute()
    expect(await lookUp(text)).toBeUndefined()
    expect(await lookUp(lasting)).toBeDefined()
    await deleteProject(await world.inside(project))
    expect(await lookUp(lasting)).toBeUndefined()
  })

  test('does not open another project', async () => {
    const [project, elsewhere] = [await newProject(), await newProject()]
    expect((await lookUp((await world.token(project)).text))?.project_id).toBe(project.id)
    expect(elsewhere.id).not.toBe(project.id)
  })
})

describe('personal tokens', () => {
  const create = (context: OrgContext, expiresAt?: string) => createPersonalToken(context, { name: 'laptop', expiresAt })

  test('are made, listed and revoked by their person alone, in their organization', async () => {
    const [person, colleague] = [await world.person(), await world.person()]
    const context = await world.at(person)
    const { token, ...metadata } = await create(context)
    expect(tokenKind(token)).toBe('personal')
    expect((await listPersonalTokens(context, page)).items).toEqual([metadata])
    expect((await listPersonalTokens(await world.at(colleague), page)).items).toEqual([])
    expect(await refused(revokePersonalToken(await world.at(colleague), metadata.id))).toBe('token_not_found')
    expect(await refused(revokePersonalToken(await other.at(other.root), metadata.id))).toBe('token_not_found')
    expect(await findPersonalToken(world.db, hashToken(token))).toMatchObject({ user_id: person.id, org_id: world.org.id })
    expect(await revokePersonalToken(context, metadata.id)).toEqual({ id: metadata.id, revoked: true })
    expect(await findPersonalToken(world.db, hashToken(token))).toBeUndefined()
    expect(await refused(revokePersonalToken(context, metadata.id))).toBe('token_not_found')
  })

  test('are refused to tokens of either kind', async () => {
    const person = await world.person()
    const byToken: UserActor = { ...person, via: 'personal_token' }
    const { actor } = await world.token(await newProject(), { role: 'owner' })
    for (const one of [byToken, actor]) {
      expect(await refused(create(await world.at(one)))).toBe('forbidden')
      expect(await refused(listPersonalTokens(await world.at(one), page))).toBe('forbidden')
      expect(await refused(revokePersonalToken(await world.at(one), person.id))).toBe('forbidden')
    }
  })

  test('are listed as disabled and stop working once they expire', async () => {
    const context = await world.at(await world.person())
    const { token } = await create(context, '2020-01-01T00:00:00Z')
    expect((await listPersonalTokens(context, page)).items).toMatchObject([{ enabled: false }])
    expect(await findPersonalToken(world.db, hashToken(token))).toBeUndefined()
  })
})
