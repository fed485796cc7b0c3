import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { Apply } from '#contract/apply/apply'
import { AcceptInvitation, InvitePeople } from '#contract/organizations/invitations'
import { V1CreateProject } from '#contract/v1/projects'
import { V1CreateToken } from '#contract/v1/tokens'
import { apply } from '../apply/apply.ts'
import type { OrgContext, ProjectContext } from '../context.ts'
import { inviteToProject, invitationToken } from '../organizations/invitations.ts'
import { issuePersonalToken, issueProjectToken } from '../tokens/issued.ts'
import { joinByLink } from '../organizations/joining.ts'
import { nukeProject, restoreWipe } from '../nuke/nuke.ts'
import { invitePeople } from '../organizations/organization-invitations.ts'
import { addOrganizationMember, grantOwner, removeOrganizationMember } from '../organizations/members.ts'
import { cli, createUser } from '../accounts/users.ts'
import { newId } from '../ids.ts'
import { deleteProject, restoreProject } from '../projects/projects.ts'
import { getUsage, measureUsage, setQuotas } from './quotas.ts'
import { addCell, addEntity, addType } from '#test/support/world/catalog'
import { addAgent, addCoreInstance } from '#test/support/world/registered'
import { createWorld, openWorld, refused } from '#test/support/world/world'
import { createPersonalToken, createToken, revokeToken, rotateToken } from '../tokens/tokens.ts'
import { importProject } from '../transfer/import.ts'
import { createV1Project } from '../v1/projects.ts'
import { createV1Token } from '../v1/tokens.ts'

vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long')
const opened = await openWorld({ max: 24 })
const { db } = opened
afterAll(opened.close)
afterEach(() => vi.unstubAllEnvs())
afterEach(() => vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long'))

const origin = { requestId: '019aa000-0000-7000-8000-000000000000', address: null }
let n = 0
/** A separate organization for each test, so that what one leaves does not count in another. */
const fresh = () => createWorld(db, `org-${++n}`)
type World = Awaited<ReturnType<typeof fresh>>

const allow = ({ org }: World, quotas: Parameters<typeof setQuotas>[3]) => setQuotas(db, cli, org, quotas)
const used = async (world: World) => {
  const usage = await getUsage(await world.at(world.root))
  return Object.fromEntries(Object.entries(usage).map(([kind, { used: there }]) => [kind, there]))
}
const v1 = (context: OrgContext) => createV1Project(context as never, V1CreateProject.parse({ name: 'edge' }))
const stranger = async (name = `guest-${++n}`) => createUser(db, { email: `${name}@elsewhere.test`, name })

describe('projects', () => {
  test('are refused beyond the quota by every API, with what to do, and deleting one makes room', async () => {
    const world = await fresh()
    await allow(world, { projects: 2 })
    const context = await world.at(world.root)
    const first = await world.project('one')
    await v1(context)
    await expect(world.project('three')).rejects.toMatchObject({
      code: 'quota_reached',
      message:
        'This organization has reached its quota of 2 projects. To make room, delete one that you no longer need, or ask the operator of this server for a larger quota',
    })
    expect(await refused(v1(context))).toBe('quota_reached')
    await deleteProject(await world.inside(first))
    await world.project('three')
  })

  test('can always be restored', async () => {
    const world = await fresh()
    const first = await world.project('one')
    await deleteProject(await world.inside(first))
    await allow(world, { projects: 1 })
    await world.project('two')
    await restoreProject(await world.at(world.root), first.id)
    expect(await used(world)).toMatchObject({ projects: 2 })
    expect(await refused(world.project('three'))).toBe('quota_reached')
  })

  test('of other organizations do not count', async () => {
    const [world, other] = [await fresh(), await fresh()]
    await allow(world, { projects: 1 })
    await other.project('one')
    await other.project('two')
    expect(await world.project('one')).toMatchObject({ slug: 'one' })
  })
})

describe('members', () => {
  const invite = async (world: World, email: string) => {
    const { results } = await invitePeople(await world.at(world.root), InvitePeople.parse({ invitations: [{ email }] }))
    return results[0]!
  }
  const join = async (invitationId: string) =>
    joinByLink(
      { db, origin },
      invitationToken(invitationId),
      AcceptInvitation.parse({ name: 'New', password: 'correct horse battery' }),
    )

  test('are refused when invited, and when accepting if the organization has filled up since', async () => {
    const world = await fresh()
    await allow(world, { members: 2 })
    const early = await invite(world, `early-${n}@elsewhere.test`)
    const late = await invite(world, `late-${n}@elsewhere.test`)
    await join(early.invitation!.id)
    expect(await refused(join(late.invitation!.id))).toBe('quota_reached')
    expect(await invite(world, `later-${n}@elsewhere.test`)).toMatchObject({ error: { code: 'quota_reached' } })
    expect(await refused(addOrganizationMember(db, world.org, await stranger(), 'member'))).toBe('quota_reached')
    expect(await used(world)).toMatchObject({ members: 2 })
  })

  test('join further projects once they are in, and make room when they leave', async () => {
    const world = await fresh()
    const project = await world.project('one')
    const person = await world.person()
    const { id } = await inviteToProject(await world.inside(project), {
      email: person.email,
      role: 'member',
      verbs: [],
      redirectUri: null,
    })
    await allow(world, { members: 2 })
    const guest = { db, origin, actor: { ...(await world.at(person)) } }
    await joinByLink(guest, invitationToken(id), AcceptInvitation.parse({}))
    await removeOrganizationMember(await world.at(world.root), person.id)
    await addOrganizationMember(db, world.org, await stranger(), 'member')
    expect(await used(world)).toMatchObject({ members: 2 })
  })

  test('are never refused by break-glass', async () => {
    const world = await fresh()
    await allow(world, { members: 1 })
    await grantOwner(db, world.org, await stranger())
    expect(await used(world)).toMatchObject({ members: 2 })
  })
})

describe('tokens', () => {
  test('of projects and of people count together, however they are made, and revoking one makes room', async () => {
    const world = await fresh()
    const project = await world.project('one')
    const inside = await world.inside(project)
    const context = await world.at(world.root)
    const { id } = await createToken(inside, { name: 'a', role: 'member' })
    await createPersonalToken(context, { name: 'b' })
    await allow(world, { tokens: 2 })
    const ways = {
      token: () => createToken(inside, { name: 'c', role: 'member' }),
      personal: () => createPersonalToken(context, { name: 'c' }),
      v1: () => createV1Token(inside, V1CreateToken.parse({ name: 'c' })),
      'of a new v1 project': () => v1(context),
      'the command line': () => issueProjectToken(db, { id: project.id, org: world.org }, { name: 'c', role: 'member' }),
      'a person’s, there': () => issuePersonalToken(db, world.root, world.org, { name: 'c' }),
    }
    for (const [way, make] of Object.entries(ways)) expect(await refused(make()), way).toBe('quota_reached')
    expect(await used(world)).toMatchObject({ tokens: 2, projects: 1 })
    await revokeToken(inside, id)
    await ways.v1()
  })

  test('can always be rotated', async () => {
    const world = await fresh()
    const inside = await world.inside(await world.project('one'))
    const { id } = await createToken(inside, { name: 'a', role: 'member' })
    await allow(world, { tokens: 1 })
    expect(await rotateToken(inside, id, { overlapSeconds: 0 })).toMatchObject({ name: 'a' })
  })
})

describe('rows', () => {
  const item = (name: string) => ({ kind: 'Entity', entityType: 'site', name })
  const writes: Record<string, (context: ProjectContext) => Promise<unknown>> = {
    'an entity': (c) => addEntity(c, 'more'),
    'an entity type': (c) => addType(c, { name: 'more' }),
    'a cell': (c) => addCell(c, 'more'),
    'an agent': (c) => addAgent(c, 'more'),
    'a core instance': (c) => addCoreInstance(c, 'more'),
    'an apply': (c) => apply(c, 'default', Apply.parse({ items: [item('more')] })),
    'a dry run of it': (c) => apply(c, 'default', Apply.parse({ items: [item('more')], dryRun: true })),
    'an import': (c) => importProject(c, (async function* () {})()),
  }

  test('are refused by every write that adds some, once measured; writes that remove some go on', async () => {
    const world = await fresh()
    const project = await world.project('one')
    const context = await world.inside(project)
    await addType(context)
    await addEntity(context, 'one')
    await addAgent(context, 'known')
    await allow(world, { rows: 3 })
    // Rows that are not measured yet do not count yet.
    await addEntity(context, 'two')
    expect(await measureUsage(db)).toBeGreaterThan(0)
    for (const [what, write] of Object.entries(writes)) expect(await refused(write(context)), what).toBe('quota_reached')
    expect(await used(world)).toMatchObject({ rows: 4 })
    // A known machine is updated, which adds no rows.
    await addAgent(context, 'known')
    await apply(context, 'default', Apply.parse({ items: [], deletions: [] }))
  })

  test('are freed at once by a nuke, whose undo is never refused', async () => {
    const world = await fresh()
    const project = await world.project('one')
    const context = await world.inside(project)
    await addType(context)
    await addEntity(context, 'one')
    await allow(world, { rows: 2 })
    await measureUsage(db)
    expect(await refused(addEntity(context, 'two'))).toBe('quota_reached')
    const { wipeId } = await nukeProject(context, { confirm: 'one' })
    const emptied = await world.inside(project)
    await addType(emptied)
    await addEntity(emptied, 'two')
    await measureUsage(db)
    await restoreWipe(await world.inside(project), wipeId!)
    expect(await used(world)).toMatchObject({ rows: 2 })
  })

  test('of a deleted project do not count, and measuring twice changes nothing', async () => {
    const world = await fresh()
    const project = await world.project('one')
    await addType(await world.inside(project))
    await measureUsage(db)
    expect(await measureUsage(db)).toBe(0)
    await deleteProject(await world.inside(project))
    expect(await used(world)).toMatchObject({ rows: 0 })
    expect(await measureUsage(db)).toBe(1)
  })
})

test('shows the last measurement of rows where there are more than a thousand projects', async () => {
  const world = await fresh()
  await addType(await world.inside(await world.project('one')))
  const measured = (rows: number) =>
    db.updateTable('organization_quotas').set({ measured_rows: rows }).where('org_id', '=', world.org.id).execute()
  await measured(77)
  const more = Array.from({ length: 999 }, (_, n) => ({ id: newId(), org_id: world.org.id, slug: `p-${n}`, name: 'P' }))
  await db.insertInto('projects').values(more).execute()
  expect(await used(world)).toMatchObject({ projects: 1000, rows: 1 })
  await db.insertInto('projects').values({ id: newId(), org_id: world.org.id, slug: 'last', name: 'P' }).execute()
  expect(await used(world)).toMatchObject({ projects: 1001, rows: 77 })
})

describe('the size of a quota', () => {
  test('is the organization’s own, else the server’s; 0 is unlimited; default restores the server’s', async () => {
    const world = await fresh()
    const quota = async () => (await getUsage(await world.at(world.root))).projects.quota
    expect(await quota()).toBe(1000)
    vi.stubEnv('BULKHEAD_QUOTA_PROJECTS', '1')
    expect(await quota()).toBe(1)
    await world.project('one')
    expect(await refused(world.project('two'))).toBe('quota_reached')
    await allow(world, { projects: 0 })
    expect(await quota()).toBeNull()
    await world.project('two')
    await allow(world, { projects: null })
    expect(await quota()).toBe(1)
    vi.stubEnv('BULKHEAD_QUOTA_PROJECTS', '0')
    expect(await quota()).toBeNull()
  })

  test('does not affect what already exists', async () => {
    const world = await fresh()
    await world.project('one')
    await world.project('two')
    await allow(world, { projects: 1 })
    expect(await used(world)).toMatchObject({ projects: 2 })
  })

  test('is in the audit log', async () => {
    const world = await fresh()
    await allow(world, { projects: 5 })
    const events = await db
      .selectFrom('audit_events')
      .select(['actor_name', 'before', 'after'])
      .where('org_id', '=', world.org.id)
      .where('action', '=', 'organization.quotas-set')
      .execute()
    const none = { projects: null, members: null, tokens: null, rows: null }
    expect(events).toEqual([{ actor_name: 'cli', before: none, after: { ...none, projects: 5 } }])
  })

  test('is visible to members of the organization', async () => {
    const world = await fresh()
    const project = await world.project('one')
    expect(await getUsage(await world.at(await world.person('viewer')))).toMatchObject({ projects: { used: 1 } })
    const { actor } = await world.token(project)
    expect(await refused(getUsage(await world.at(actor)))).toBe('forbidden')
  })
})
