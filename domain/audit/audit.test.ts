import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Apply } from '#contract/apply/apply'
import { type AuditEvent, AuditExportQuery, AuditQuery } from '#contract/audit/events'
import { type ProjectAuditAction, projectAuditActions } from '#contract/audit/actions'
import { PutCell } from '#contract/catalog/cells'
import { PutEntityType } from '#contract/catalog/entity-types'
import { UpdateEntity } from '#contract/data/entities'
import { CreateRelationshipType, PutRelationshipType } from '#contract/catalog/relationship-types'
import { CreateRelationship } from '#contract/data/relationships'
import { CreateSecret, PutSecret } from '#contract/catalog/secrets'
import { V1UpdateAgent } from '#contract/v1/agents'
import { V1UpdateCoreInstance } from '#contract/v1/core-instances'
import { apply } from '../apply/apply.ts'
import { exportAuditEvents, listAuditEvents, listOrganizationAuditEvents } from './events.ts'
import type { Trx } from '#db/client'
import { addCellMember, removeCellMember } from '../data/cell-members.ts'
import { deleteCell, replaceCell } from '../catalog/cells.ts'
import type { ProjectContext } from '../context.ts'
import { deleteEntity, pushMetrics, updateEntity } from '../data/entities.ts'
import { deleteEntityType, replaceEntityType } from '../catalog/entity-types.ts'
import { createEnvironment, deleteEnvironment, renameEnvironment } from '../projects/environments.ts'
import { inviteToProject } from '../organizations/invitations.ts'
import { addMember, removeMember, setCellScopes, updateMember } from '../members/members.ts'
import { nukeProject, purgeWipe, restoreWipe } from '../nuke/nuke.ts'
import { deleteProject, purgeDeletedProject, restoreProject, setProtection, updateProject } from '../projects/projects.ts'
import { createRepoLink, deleteRepoLink } from '../projects/repo-links.ts'
import { createRelationshipType, deleteRelationshipType, replaceRelationshipType } from '../catalog/relationship-types.ts'
import { createRelationship, deleteRelationship, setRelationshipState } from '../data/relationships.ts'
import { createSecret, deleteSecret, deleteSecretValue, replaceSecret, setSecretValue } from '../catalog/secrets.ts'
import { addCell, addEntity, addType, site } from '#test/support/world/catalog'
import { addAgent, addCoreInstance } from '#test/support/world/registered'
import { createWorld, openWorld, refused } from '#test/support/world/world'
import { takeOver } from '../accounts/takeover.ts'
import { createToken, revokeToken, rotateToken } from '../tokens/tokens.ts'
import { importProject } from '../transfer/import.ts'
import { updateAgent } from '../v1/agent-changes.ts'
import { deleteAgent, deleteAgents } from '../v1/agents.ts'
import { deleteCoreInstance, deleteCoreInstances, updateCoreInstance } from '../v1/core-instances.ts'
import { updateV1Token } from '../v1/tokens.ts'
import { liveViewing, startViewing, stopViewing } from '../accounts/viewing.ts'

const world = await openWorld()
const other = await createWorld(world.db, 'other')
afterAll(world.close)
vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long')
afterAll(() => vi.unstubAllEnvs())

const project = await world.project('p')
const viewer = await world.member(project, { role: 'viewer' })
const person = await world.person()
/** The id of the last thing made, which one step leaves for the next. */
const made: Record<string, string> = {}
const remember = (name: string) => (thing: { id: string }) => (made[name] = thing.id)
const inDefault = { envName: 'default', name: 'hand' }

const feeds = { name: 'feeds', from: 'site', to: 'site', states: ['on'] }
const loop = { relationshipType: 'feeds', from: 'one', to: 'one' }
async function* nothing() {}

/** Every mutation of a project, ordered so that each one succeeds. */
const mutations: [ProjectAuditAction, (context: ProjectContext) => Promise<unknown>][] = [
  ['project.updated', (c) => updateProject(c, { name: 'P', metadata: undefined })],
  ['project.protected', (c) => setProtection(c, { protected: true })],
  ['project.unprotected', (c) => setProtection(c, { protected: false })],
  ['member.invited', (c) => inviteToProject(c, { email: 'guest@acme.test', role: 'member', verbs: [], redirectUri: null })],
  ['member.added', (c) => addMember(c, { userId: person.id, role: 'member' })],
  ['member.updated', (c) => updateMember(c, person.id, { role: 'viewer' })],
  ['member.scoped', (c) => setCellScopes(c, person.id, { cellScopes: [] })],
  ['member.removed', (c) => removeMember(c, person.id)],
  ['member.viewed', (c) => startViewing(c, { userId: viewer.id })],
  ['token.created', (c) => createToken(c, { name: 'ci', role: 'admin' }).then(remember('token'))],
  ['token.updated', (c) => updateV1Token(c, made['token'] ?? '', { name: 'ci-2', permissions: undefined })],
  ['token.rotated', (c) => rotateToken(c, made['token'] ?? '', { overlapSeconds: 60 })],
  ['token.revoked', (c) => revokeToken(c, made['token'] ?? '')],
  ['environment.created', (c) => createEnvironment(c, { name: 'staging' }).then(remember('environment'))],
  ['environment.renamed', (c) => renameEnvironment(c, made['environment'] ?? '', 'staged')],
  ['environment.deleted', (c) => deleteEnvironment(c, 'staged')],
  [
    'repo-link.created',
    (c) => createRepoLink(c, { provider: 'github', repository: 'a/b', branch: 'main', path: '/' }).then(remember('link')),
  ],
  ['repo-link.deleted', (c) => deleteRepoLink(c, made['link'] ?? '')],
  ['entity-type.created', (c) => addType(c)],
  ['entity-type.updated', (c) => replaceEntityType(c, 'site', PutEntityType.parse({ ...site, displayName: 'Site' }))],
  ['cell.created', (c) => addCell(c, 'hand')],
  ['cell.updated', (c) => replaceCell(c, 'hand', PutCell.parse({ entityType: 'site' }))],
  ['entity.created', (c) => addEntity(c, 'one').then(remember('entity'))],
  ['entity.updated', (c) => updateEntity(c, 'default', 'one', {}, UpdateEntity.parse({ state: 'live' }))],
  ['cell.member-added', (c) => addCellMember(c, { ...inDefault, entityId: made['entity'] ?? '' })],
  ['cell.member-removed', (c) => removeCellMember(c, { ...inDefault, entityId: made['entity'] ?? '' })],
  ['entity.metrics-pushed', (c) => pushMetrics(c, 'default', 'one', {}, { metrics: { load: 1 } })],
  ['relationship-type.created', (c) => createRelationshipType(c, CreateRelationshipType.parse(feeds))],
  [
    'relationship-type.updated',
    (c) => replaceRelationshipType(c, 'feeds', PutRelationshipType.parse({ ...feeds, states: ['on', 'off'] })),
  ],
  ['relationship.created', (c) => createRelationship(c, 'default', CreateRelationship.parse(loop)).then(remember('link'))],
  ['relationship.updated', (c) => setRelationshipState(c, 'default', made['link'] ?? '', { state: 'off' })],
  ['relationship.deleted', (c) => deleteRelationship(c, 'default', made['link'] ?? '')],
  ['relationship-type.deleted', (c) => deleteRelationshipType(c, 'feeds')],
  ['secret.created', (c) => createSecret(c, 'default', CreateSecret.parse({ name: 'door' }))],
  ['secret.updated', (c) => replaceSecret(c, 'default', 'door', PutSecret.parse({ description: 'front' }))],
  ['secret.value-set', (c) => setSecretValue(c, 'default', 'door', { value: 'never-told' })],
  ['secret.value-deleted', (c) => deleteSecretValue(c, 'default', 'door')],
  ['secret.deleted', (c) => deleteSecret(c, 'default', 'door')],
  ['catalog.applied', (c) => apply(c, 'default', Apply.parse({ items: [{ kind: 'Secret', name: 'applied' }] }))],
  ['entity.deleted', (c) => deleteEntity(c, 'default', 'one', {})],
  ['cell.deleted', (c) => deleteCell(c, 'hand')],
  ['agent.registered', (c) => addAgent(c).then(remember('agent'))],
  ['agent.updated', (c) => updateAgent(c, made['agent'] ?? '', V1UpdateAgent.parse({ name: 'renamed' }))],
  ['agent.deleted', (c) => deleteAgent(c, made['agent'] ?? '')],
  ['core-instance.created', (c) => addCoreInstance(c).then(remember('core'))],
  ['core-instance.updated', (c) => updateCoreInstance(c, made['core'] ?? '', V1UpdateCoreInstance.parse({ name: 'renamed' }))],
  ['core-instance.deleted', (c) => deleteCoreInstance(c, made['core'] ?? '')],
  ['project.nuked', (c) => nukeProject(c, { confirm: 'p' }).then((result) => (made['wipe'] = result.wipeId ?? ''))],
  ['project.imported', (c) => importProject(c, nothing())],
  ['project.undone', (c) => restoreWipe(c, made['wipe'] ?? '')],
  ['entity-type.deleted', (c) => deleteEntityType(c, 'site')],
  ['project.deleted', (c) => deleteProject(c)],
  ['project.restored', (c) => restoreProject(c, project.id)],
]

const events = () => world.db.selectFrom('audit_events').selectAll().where('project_id', '=', project.id).orderBy('id').execute()

describe('each mutation writes exactly one event, and a refused one writes none', () => {
  test.for(mutations)('%s', async ([action, mutate]) => {
    const before = (await events()).length
    // The last step finds the project deleted; restoring it is an action in the organization.
    const isRestore = action === 'project.restored'
    const standing = await world.inside(isRestore ? await world.project('stand-in') : project)
    const asViewer = isRestore ? { ...standing, ...(await world.at(viewer)) } : await world.inside(project, viewer)
    expect(await refused(mutate(asViewer))).toBe('forbidden')
    expect((await events()).length).toBe(before)

    await mutate(standing)
    const [event, ...more] = (await events()).slice(before)
    expect(more).toEqual([])
    expect(event).toMatchObject({
      action,
      org_id: world.org.id,
      actor_kind: 'user',
      actor_id: world.root.id,
      actor_name: world.root.email,
      request_id: standing.origin.requestId,
      address: '192.0.2.1',
    })
  })

  test('a bulk change of agents or core instances writes one event for each', async () => {
    const inside = await world.inside(await world.project('many'))
    const countsOf = async (kind: 'agents.deleted' | 'core-instances.deleted') =>
      (await listAuditEvents(inside, AuditQuery.parse({ action: kind }))).items.map(({ before }) => (before as unknown[]).length)
    const agents = [await addAgent(inside, 'a'), await addAgent(inside, 'b')]
    const instances = [await addCoreInstance(inside, 'a'), await addCoreInstance(inside, 'b')]
    await deleteAgents(
      inside,
      agents.map(({ id }) => id),
    )
    await deleteCoreInstances(
      inside,
      instances.map(({ id }) => id),
    )
    expect([await countsOf('agents.deleted'), await countsOf('core-instances.deleted')]).toEqual([[2], [2]])
  })

  test('ending the view of a project as another person', async () => {
    const standing = await world.inside(project)
    await startViewing(standing, { userId: viewer.id })
    const where = { orgId: world.org.id, projectId: project.id }
    const stored = { sessionId: world.root.credentialId, viewerId: world.root.id, userId: viewer.id, ...where }
    const viewing = await liveViewing(world.db, { ...stored, expiresAt: '' })
    const before = (await events()).length
    await stopViewing({ ...standing, actor: { ...world.root, viewing: viewing! } })
    const target = { target_id: viewer.id, target_name: viewer.email }
    expect((await events()).slice(before)).toMatchObject([{ action: 'member.viewing-ended', org_id: world.org.id, ...target }])
  })

  test('taking over an account that left a token', async () => {
    const context = await world.inside(await world.project('taken'), await world.person('owner'))
    await createToken(context, { name: 'left', role: 'admin' })
    const { id } = context.actor
    await world.db.updateTable('users').set({ email_verified_at: null, email_verified_by: null }).where('id', '=', id).execute()
    await world.db.transaction().execute((trx) => takeOver(trx, id, { by: 'mail' }, context.origin))
    const written = world.db.selectFrom('audit_events').selectAll().where('target_id', '=', id).orderBy('id')
    const where = (await written.execute()).map(({ action, org_id, project_id }) => [action, org_id, project_id])
    expect(where.filter(([action]) => action!.endsWith('taken-over'))).toEqual([
      ['account.taken-over', null, null],
      ['organization.member-taken-over', world.org.id, null],
      ['member.taken-over', world.org.id, context.project.id],
    ])
  })

  test('purging what a nuke removed, and a deleted project', async () => {
    const brief = await world.project('brief')
    const inside = await world.inside(brief)
    await addType(inside)
    const { wipeId } = await nukeProject(inside, { confirm: 'brief' })
    await purgeWipe(inside, wipeId!, { confirm: 'brief' })
    await deleteProject(inside)
    await purgeDeletedProject(await world.at(world.root), brief.id, { confirm: 'brief' })
    const { items } = await listOrganizationAuditEvents(await world.at(world.root), { limit: 5, project: brief.id })
    expect(items.map(({ action, target, project: of }) => ({ action, target, of }))).toMatchObject([
      { action: 'project.purged', target: { kind: 'project', id: brief.id, name: 'brief' }, of: { slug: null, deleted: true } },
      { action: 'project.deleted' },
      { action: 'wipe.purged', target: { kind: 'wipe', id: wipeId, name: 'brief' } },
      { action: 'project.nuked' },
      { action: 'entity-type.created' },
    ])
    expect(items[0]).toMatchObject({ before: { slug: 'brief', restoreBefore: expect.any(String) }, after: null })
    expect(items[2]).toMatchObject({ before: { rowCounts: { entity_types: 1 } }, after: null })
  })

  test('covers every audit action', () => {
    const described = new Set<string>([
      ...mutations.map(([action]) => action),
      'project.created',
      'member.taken-over',
      'member.viewing-ended',
      'agents.deleted',
      'core-instances.deleted',
      'wipe.purged',
      'project.purged',
    ])
    expect(projectAuditActions.filter((action) => !described.has(action))).toEqual([])
  })

  test('a conflict or a change without effect writes none', async () => {
    const context = await world.inside(project)
    const before = (await events()).length
    expect(await refused(createEnvironment(context, { name: 'default' }))).toBe('environment_exists')
    expect(await refused(deleteEnvironment(context, 'default'))).toBe('default_environment')
    expect(await refused(addMember(context, { userId: viewer.id, role: 'viewer' }))).toBe('already_member')
    expect(await refused(removeMember(context, world.root.id))).toBe('last_owner')
    await updateProject(context, { name: undefined, metadata: undefined })
    expect((await events()).length).toBe(before)
  })
})

describe('listAuditEvents', () => {
  let context: ProjectContext
  beforeAll(async () => {
    context = await world.inside(project)
  })
  const ask = (query: Partial<AuditQuery> = {}) => AuditQuery.parse(query)

  test('lists the newest first, with the state before and after', async () => {
    const { items } = await listAuditEvents(context, ask())
    expect(items.map((event) => event.id)).toEqual((await events()).map((event) => event.id).toReversed())
    expect(items.find((event) => event.action === 'member.updated')).toMatchObject({
      actor: { kind: 'user', id: world.root.id, name: world.root.email },
      target: { kind: 'user', id: person.id, name: person.email },
      before: { role: 'member' },
      after: { role: 'viewer' },
    })
  })

  test('never contains a token’s text or hash, nor a secret’s value', async () => {
    expect(JSON.stringify(await events())).not.toMatch(/bhp_\w{30}|token_hash|never-told/)
  })

  test('filters by action and by actor, page by page', async () => {
    expect((await listAuditEvents(context, ask({ action: 'cell.created' }))).items.length).toBe(1)
    expect((await listAuditEvents(context, ask({ actor: viewer.id }))).items).toEqual([])
    const seen: string[] = []
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { items, next } = await listAuditEvents(context, ask({ limit: 7, cursor }))
      seen.push(...items.map((event) => event.id))
      cursor = next
    }
    expect(seen).toEqual((await events()).map((event) => event.id).toReversed())
  })

  test('filters by target, time and request; an export gives the same events', async () => {
    const all = (await listAuditEvents(context, ask({ limit: 200 }))).items
    const half = all[Math.floor(all.length / 2)]!
    const filters: [Partial<AuditQuery>, (event: AuditEvent) => boolean][] = [
      [{}, () => true],
      [{ target: person.email.toUpperCase() }, ({ target }) => target.name === person.email],
      [{ target: person.id }, ({ target }) => target.id === person.id],
      [{ from: half.createdAt }, ({ createdAt }) => createdAt >= half.createdAt],
      [{ to: half.createdAt }, ({ createdAt }) => createdAt < half.createdAt],
      [{ requestId: half.requestId! }, ({ requestId }) => requestId === half.requestId],
      [{ from: half.createdAt, target: 'nobody' }, () => false],
    ]
    for (const [filter, fits] of filters) {
      const { items } = await listAuditEvents(context, ask({ ...filter, limit: 200 }))
      expect(items.map(({ id }) => id)).toEqual(all.filter(fits).map(({ id }) => id))
      const exported: AuditEvent[] = []
      for await (const event of await exportAuditEvents(context, AuditExportQuery.parse(filter))) exported.push(event)
      expect(exported).toEqual(items)
    }
  })

  test('exports thousands of events', async () => {
    const many = await world.inside(await world.project('thousands'))
    await world.db.executeQuery(
      sql`insert into audit_events (id, org_id, project_id, actor_kind, actor_name, action, target_kind, target_id)
      select gen_random_uuid(), ${world.org.id}, ${many.project.id}, 'system', 'cli', 'cell.created', 'cell', n::text
      from generate_series(1, 2345) n`.compile(world.db),
    )
    const targets = new Set<string>()
    for await (const { target } of await exportAuditEvents(many, AuditExportQuery.parse({ action: 'cell.created' })))
      targets.add(target.id)
    expect(targets.size).toBe(2345)
  })

  test('is for callers who may read it, and covers their project alone', async () => {
    const asViewer = await world.inside(project, viewer)
    expect(await refused(listAuditEvents(asViewer, ask()))).toBe('forbidden')
    expect(await refused(exportAuditEvents(asViewer, {}))).toBe('forbidden')
    expect(
      await refused(
        listAuditEvents(await world.inside(project, await world.member(project, { role: 'admin', cellScopes: [] })), ask()),
      ),
    ).toBe('scoped_actor')
    const elsewhere = await listAuditEvents(await other.inside(await other.project('q')), ask())
    expect(elsewhere.items.map((event) => event.action)).toEqual(['project.created'])
  })

  test('reads a page of a log without reading the log, or newer events of other projects and organizations', async () => {
    const [quiet, busy] = [await world.inside(await world.project('quiet')), await other.inside(await other.project('busy'))]
    const years = { [quiet.project.id]: 2020, [busy.project.id]: 2021 }
    for (const { org, project: of } of [quiet, busy])
      await sql`insert into audit_events (id, org_id, project_id, actor_kind, actor_name, action, target_kind, target_id, created_at)
        select gen_random_uuid(), ${org.id}, ${of.id}, 'system', 'cli', 'cell.created', 'cell', n::text,
          make_timestamptz(${years[of.id]}, 1, 1, 0, 0, 0, 'UTC') + make_interval(secs => n)
        from generate_series(1, 10000) n`.execute(world.db)
    await sql`analyze audit_events`.execute(world.db)
    const inOrg = await world.at(world.root)
    const to = '2020-01-02T00:00:00Z'
    const readOf = async (trx: Trx) => {
      const { rows } = await sql<{ n: number }>`select seq_tup_read + idx_tup_fetch as n from pg_stat_xact_user_tables
        where relname = 'audit_events'`.execute(trx)
      return rows[0]!.n
    }
    const lists = [
      (db: Trx, cursor?: string) => listAuditEvents({ ...quiet, db }, ask({ limit: 20, cursor })),
      (db: Trx, cursor?: string) => listOrganizationAuditEvents({ ...inOrg, db }, { ...ask({ limit: 20, cursor }), to }),
      (db: Trx, cursor?: string) =>
        listOrganizationAuditEvents({ ...inOrg, db }, { ...ask({ limit: 20, cursor }), project: 'quiet' }),
    ]
    for (const list of lists) {
      const read = await world.db.transaction().execute(async (trx) => {
        const already = await readOf(trx)
        const first = await list(trx)
        const second = await list(trx, first.next!)
        expect([...first.items, ...second.items].map(({ createdAt }) => createdAt.slice(0, 4))).toContain('2020')
        return (await readOf(trx)) - already
      })
      expect(read).toBe(42)
    }
  })
})
