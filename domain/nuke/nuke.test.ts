import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Apply } from '#contract/apply/apply'
import { type WipedTable, sumRowCounts, wipedTables } from '#db/queries/project-rows'
import { apply } from '../apply/apply.ts'
import { addCellMember } from '../data/cell-members.ts'
import type { ProjectContext, UserActor } from '../context.ts'
import { listEntities } from '../data/entities.ts'
import { listEntityTypes } from '../catalog/entity-types.ts'
import { createEnvironment } from '../projects/environments.ts'
import { listWipes, nukeProject, previewNuke } from './nuke.ts'
import { deleteProject, setProtection } from '../projects/projects.ts'
import { createRepoLink } from '../projects/repo-links.ts'
import { setSecretValue } from '../catalog/secrets.ts'
import { addEntity, addType, fill } from '#test/support/world/catalog'
import { countRows, dumpData, dumpShell } from '#test/support/database/dump'
import { addAgent, addCoreInstance } from '#test/support/world/registered'
import { createWorld, openWorld, page, refused } from '#test/support/world/world'
import { reading } from '../writing.ts'

const world = await openWorld()
const other = await createWorld(world.db, 'other')
afterAll(world.close)
beforeEach(() => vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long'))
afterEach(() => vi.unstubAllEnvs())

let n = 0
/** A project with rows in every wiped table and in every kept one. */
async function filled(of: Awaited<ReturnType<typeof createWorld>> = world) {
  const project = await of.project(`p${++n}`)
  const context = await of.inside(project)
  await createEnvironment(context, { name: 'staging' })
  const { nowhere } = await fill(context)
  await addEntity(context, 'staged', { env: 'staging', properties: { country: 'de' } })
  await addCellMember(context, { envName: 'default', name: 'vip', entityId: nowhere.id })
  const joined = [
    { kind: 'RelationshipType', name: 'feeds', from: 'site', to: 'site', states: ['on'] },
    { kind: 'Relationship', relationshipType: 'feeds', from: 'berlin', to: 'paris' },
    { kind: 'Secret', name: 'door' },
  ]
  await apply(context, 'default', Apply.parse({ items: joined }))
  await setSecretValue(context, 'default', 'door', { value: 'of the door' })
  await addAgent(context)
  await addCoreInstance(context)
  await createRepoLink(context, { provider: 'github', repository: 'acme/site', branch: 'main', path: '/' })
  await of.member(project, { role: 'viewer', envName: 'staging', cellScopes: ['germany'] })
  const { actor: token } = await of.token(project, { role: 'admin' })
  return {
    project,
    token,
    confirm: project.slug,
    now: (actor: Parameters<typeof of.inside>[1] = of.root) => of.inside(project, actor),
  }
}
const counted = {
  effective_cell_members: 7,
  cell_members: 1,
  relationships: 1,
  entities: 4,
  relationship_types: 1,
  cell_parents: 2,
  cells: 4,
  entity_types: 1,
  secret_values: 1,
  secrets: 1,
  catalog_revisions: 1,
  agents: 1,
  core_instances: 1,
} satisfies Record<WipedTable, number>
const zeros = Object.fromEntries(wipedTables.map((table) => [table, 0]))
const generationOf = async (context: ProjectContext) =>
  world.db
    .selectFrom('projects')
    .select(['generation', 'last_generation'])
    .where('id', '=', context.project.id)
    .executeTakeFirstOrThrow()

describe('nukeProject', () => {
  test('reports exactly the existing rows of every wiped table, and leaves none alive', async () => {
    const { confirm, now, project } = await filled()
    const before = await now()
    expect(await countRows(world.db, reading(before))).toEqual(counted)
    expect(Object.values(counted).every((rows) => rows > 0)).toBe(true)
    const result = await nukeProject(before, { confirm })
    expect(result).toEqual({
      projectId: project.id,
      rowCountsDeleted: counted,
      wipeId: expect.any(String),
      restoreBefore: expect.any(String),
    })
    expect(await countRows(world.db, reading(await now()))).toEqual(zeros)
    expect((await listEntities(await now(), 'default', page)).items).toEqual([])
    expect((await listEntityTypes(await now(), page)).items).toEqual([])
  })

  test('keeps the shell byte by byte, and touches no other project’s rows', async () => {
    const [target, neighbor, foreign] = [await filled(), await filled(), await filled(other)]
    const shell = await dumpShell(world.db, target.project.id)
    const whole = async ({ project }: typeof target) => [
      await dumpData(world.db, project.id),
      await dumpShell(world.db, project.id),
      await generationOf(await neighbor.now()),
    ]
    const [before, abroad] = [await whole(neighbor), await whole(foreign)]
    await nukeProject(await target.now(), { confirm: target.confirm })
    expect(await dumpShell(world.db, target.project.id)).toBe(shell)
    expect(await whole(neighbor)).toEqual(before)
    expect(await whole(foreign)).toEqual(abroad)
    expect(await sumRowCounts(world.db, reading(await neighbor.now()))).toEqual(counted)
  })

  test('a second nuke returns zeros and makes no receipt', async () => {
    const { confirm, now, project } = await filled()
    await nukeProject(await now(), { confirm })
    const generation = await generationOf(await now())
    expect(await nukeProject(await now(), { confirm })).toEqual({ projectId: project.id, rowCountsDeleted: zeros })
    expect(await generationOf(await now())).toEqual(generation)
    expect((await listWipes(await now(), page)).items.length).toBe(1)
  })

  test('writes an event with the counts and the receipt, also when nothing was there', async () => {
    const { confirm, now, project } = await filled()
    const { wipeId } = await nukeProject(await now(), { confirm })
    await nukeProject(await now(), { confirm })
    const events = await world.db
      .selectFrom('audit_events')
      .select(['actor_id', 'target_kind', 'target_id', 'target_name', 'before', 'after'])
      .where('project_id', '=', project.id)
      .where('action', '=', 'project.nuked')
      .orderBy('id')
      .execute()
    const about = { actor_id: world.root.id, target_kind: 'project', target_id: project.id, target_name: confirm }
    expect(events).toEqual([
      { ...about, before: counted, after: { wipeId } },
      { ...about, before: zeros, after: { wipeId: null } },
    ])
  })

  test('leaves the project usable at once', async () => {
    const { confirm, now } = await filled()
    await nukeProject(await now(), { confirm })
    await fill(await now())
    expect((await listEntities(await now(), 'default', page)).items.map((entity) => entity.name)).toEqual([
      'berlin',
      'paris',
      'nowhere',
    ])
  })

  test('a write prepared before the nuke lands in the new generation', async () => {
    const { confirm, now } = await filled()
    const stale = await now()
    await nukeProject(stale, { confirm })
    expect(await refused(addEntity(stale, 'late'))).toBe('entity_type_not_found')
    await addType(stale)
    await addEntity(stale, 'late')
    expect((await listEntities(await now(), 'default', page)).items.map((entity) => entity.name)).toEqual(['late'])
  })

  test.for(['viewer', 'member', 'admin in one environment', 'owner of some cells'])('is refused to a %s', async (who) => {
    const { project, confirm } = unharmed
    const rights = {
      viewer: { role: 'viewer' },
      member: { role: 'member' },
      'admin in one environment': { role: 'admin', envName: 'staging' },
      'owner of some cells': { role: 'owner', cellScopes: ['germany'] },
    }[who] as Parameters<typeof world.member>[1]
    const context = await world.inside(project, await world.member(project, rights))
    const code = who === 'viewer' || who === 'member' ? 'forbidden' : 'scoped_actor'
    expect(await refused(nukeProject(context, { confirm }))).toBe(code)
    expect(await refused(previewNuke(context))).toBe(code)
    expect(await refused(listWipes(context, page))).toBe(code)
    expect(await countRows(world.db, reading(context))).toEqual(counted)
  })

  test('is refused while the project is protected, and when it is deleted', async () => {
    const { confirm, now } = await filled()
    const context = await now()
    await setProtection(context, { protected: true })
    expect(await refused(nukeProject(context, { confirm }))).toBe('deletion_protected')
    await setProtection(context, { protected: false })
    await deleteProject(context)
    expect(await refused(nukeProject(context, { confirm }))).toBe('project_not_found')
  })

  test('needs the delete verb', async () => {
    const { now, confirm } = await filled()
    const context = await now()
    const limited = (verbs: ProjectContext['grant']['verbs']): ProjectContext => ({
      ...context,
      verb: 'delete',
      grant: { ...context.grant, verbs },
    })
    expect(await refused(nukeProject(limited(['create:*', 'read:*', 'update:*']), { confirm }))).toBe('verb_not_granted')
    expect((await nukeProject(limited(['delete:*']), { confirm })).rowCountsDeleted).toEqual(counted)
  })
})

/** A shared project for the tests of refusals. */
const unharmed = await filled()

describe('confirmation', () => {
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString().replace('Z', '000Z')

  test.for([undefined, '', 'P1', 'p', 'p1 ', 'other'])('a session must spell the slug, not %j', async (confirm) => {
    const { now } = unharmed
    expect(await refused(nukeProject(await now(), { confirm }))).toBe('confirmation_required')
    expect(await countRows(world.db, reading(await now()))).toEqual(counted)
  })

  test('a session must have authenticated within ten minutes', async () => {
    const { now, confirm } = await filled()
    const since = async (authenticatedAt: string | null) =>
      nukeProject(await now({ ...world.root, authenticatedAt }), { confirm })
    expect(await refused(since(minutesAgo(10.1)))).toBe('reauthentication_required')
    expect((await since(minutesAgo(9.9))).rowCountsDeleted).toEqual(counted)
  })

  test('a session of unknown age is not fresh', async () => {
    const { now, confirm } = await filled()
    expect(await refused(nukeProject(await now({ ...world.root, authenticatedAt: null }), { confirm }))).toBe(
      'reauthentication_required',
    )
  })

  test('a token need not confirm, but its confirmation is checked if given', async () => {
    const { now, token, confirm } = await filled()
    const personal: UserActor = { ...world.root, via: 'personal_token', authenticatedAt: null }
    expect(await refused(nukeProject(await now(token), { confirm: 'another' }))).toBe('confirmation_required')
    expect(await refused(nukeProject(await now(personal), { confirm: 'another' }))).toBe('confirmation_required')
    expect((await nukeProject(await now(token), {})).rowCountsDeleted).toEqual(counted)
    expect((await nukeProject(await now(personal), {})).rowCountsDeleted).toEqual(zeros)
    expect((await nukeProject(await now(personal), { confirm })).rowCountsDeleted).toEqual(zeros)
  })
})

describe('previewNuke', () => {
  test('predicts what the nuke then does, and changes nothing', async () => {
    const { confirm, now, project } = await filled()
    const before = await dumpData(world.db, project.id)
    const preview = await previewNuke(await now())
    expect(preview).toEqual({
      projectId: project.id,
      rowCounts: counted,
      retentionHours: 72,
      reasonRequired: false,
      lastWipe: null,
      kept: { members: 2, environments: 2, tokens: 1, repoLinks: 1, auditEvents: expect.any(Number) },
    })
    expect(await dumpData(world.db, project.id)).toEqual(before)
    expect((await nukeProject(await now(), { confirm })).rowCountsDeleted).toEqual(preview.rowCounts)
    expect(await previewNuke(await now())).toMatchObject({
      rowCounts: zeros,
      lastWipe: { rowCounts: counted, state: 'restorable' },
    })
  })
})

describe('listWipes', () => {
  test('gives the receipts, newest first, page by page, of this project only', async () => {
    const { confirm, now, token } = await filled()
    await filled().then(async (neighbor) => nukeProject(await neighbor.now(), { confirm: neighbor.confirm }))
    const first = await nukeProject(await now(token), {})
    await addType(await now())
    const second = await nukeProject(await now(), { confirm })
    const { items, next } = await listWipes(await now(), { limit: 1 })
    expect(items).toMatchObject([
      {
        id: second.wipeId,
        reason: 'nuke',
        rowCounts: { ...zeros, entity_types: 1 },
        wipedBy: { kind: 'user', id: world.root.id, name: world.root.email },
      },
    ])
    const rest = await listWipes(await now(), { limit: 1, cursor: next! })
    expect(rest).toMatchObject({
      items: [{ id: first.wipeId, wipedBy: { kind: 'project_token', id: token.id, name: 'ci' }, state: 'restorable' }],
      next: null,
    })
  })
})
