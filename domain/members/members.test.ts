import { afterAll, describe, expect, test } from 'vitest'
import { AddMember, MemberQuery } from '#contract/members/members'
import { createEnvironment } from '../projects/environments.ts'
import { addMember, getMember, listMembers, removeMember, setCellScopes, updateMember } from './members.ts'
import { createWorld, openWorld, refused } from '#test/support/world/world'
import { versionOf } from '../versions.ts'

const world = await openWorld()
const other = await createWorld(world.db, 'other')
afterAll(world.close)

let n = 0
/** A project with a person for each role. Its creator, `root`, is an owner too. */
async function staffed() {
  const project = await world.project(`p${++n}`)
  const of = (role: AddMember['role']) => world.member(project, { role })
  return { project, owner: await of('owner'), admin: await of('admin'), member: await of('member'), viewer: await of('viewer') }
}
/** A project whose one owner is a plain member of the organization. */
async function ownedByOne() {
  const project = await world.project(`p${++n}`)
  const owner = await world.member(project, { role: 'owner' })
  await removeMember(await world.inside(project), world.root.id)
  return { project, owner }
}
const ask = (query: Partial<MemberQuery> = {}) => MemberQuery.parse(query)
const add = (userId: string, rights: Partial<AddMember> = {}) => AddMember.parse({ userId, ...rights })
const far = '2099-01-01T00:00:00.000000Z'

describe('addMember', () => {
  test('makes a member without scopes by default', async () => {
    const { project, admin } = await staffed()
    const person = await world.person()
    const added = await addMember(await world.inside(project, admin), add(person.id))
    expect(added).toEqual({
      id: expect.any(String),
      userId: person.id,
      email: person.email,
      name: person.name,
      avatarUrl: null,
      role: 'member',
      envName: null,
      cellScopes: null,
      permissions: [],
      source: 'project',
      expiresAt: null,
      createdAt: added.updatedAt,
      updatedAt: expect.any(String),
    })
    expect(await getMember(await world.inside(project, person), person.id)).toEqual(added)
  })

  test('takes an environment, cells and an expiry', async () => {
    const { project } = await staffed()
    await createEnvironment(await world.inside(project), { name: 'staging' })
    const person = await world.person()
    const rights = { envName: 'staging', cellScopes: ['b', 'a'], expiresAt: '2098-12-31T23:00:00.5-01:00' }
    expect(await addMember(await world.inside(project), add(person.id, rights))).toMatchObject({
      envName: 'staging',
      cellScopes: ['b', 'a'],
      expiresAt: '2099-01-01T00:00:00.500000Z',
    })
  })

  test('refuses an environment of another project', async () => {
    const { project } = await staffed()
    const elsewhere = await world.project(`p${++n}`)
    await createEnvironment(await world.inside(elsewhere), { name: 'theirs' })
    expect(await refused(addMember(await world.inside(project), add((await world.person()).id, { envName: 'theirs' })))).toBe(
      'no_such_environment',
    )
  })

  test('refuses a person outside the organization, and one who is a member already', async () => {
    const { project, member } = await staffed()
    const context = await world.inside(project)
    expect(await refused(addMember(context, add((await other.person()).id)))).toBe('user_not_found')
    expect(await refused(addMember(context, add(project.id)))).toBe('user_not_found')
    expect(await refused(addMember(context, add(member.id, { role: 'viewer' })))).toBe('already_member')
  })

  test('refuses members and viewers, and an admin who adds an owner', async () => {
    const { project, admin, member, viewer } = await staffed()
    const person = await world.person()
    for (const actor of [member, viewer])
      expect(await refused(addMember(await world.inside(project, actor), add(person.id)))).toBe('forbidden')
    expect(await refused(addMember(await world.inside(project, admin), add(person.id, { role: 'owner' })))).toBe('forbidden')
    expect(await refused(getMember(await world.inside(project), person.id))).toBe('member_not_found')
  })

  test('refuses a scoped admin, and one whose access ends before the access they give', async () => {
    const { project } = await staffed()
    const person = await world.person()
    const scoped = await world.member(project, { role: 'admin', cellScopes: ['a'] })
    const leaving = await world.member(project, { role: 'admin', expiresAt: '2030-01-01T00:00:00Z' })
    expect(await refused(addMember(await world.inside(project, scoped), add(person.id)))).toBe('scoped_actor')
    expect(await refused(addMember(await world.inside(project, leaving), add(person.id)))).toBe('forbidden')
    expect(
      await addMember(await world.inside(project, leaving), add(person.id, { expiresAt: '2029-01-01T00:00:00Z' })),
    ).toMatchObject({ role: 'member' })
  })
})

describe('listMembers', () => {
  test('shows members, and owners and admins of the organization without a membership, also to a viewer', async () => {
    const here = await createWorld(world.db, 'people')
    const project = await here.project('p')
    const orgAdmin = await here.person('admin')
    const viewer = await here.member(project, { role: 'viewer' })
    await here.person('member')
    const { items } = await listMembers(await here.inside(project, viewer), ask())
    expect(items.map(({ userId, role, source, id }) => [userId, role, source, id === null])).toEqual(
      expect.arrayContaining([
        [here.root.id, 'owner', 'project', false],
        [orgAdmin.id, 'admin', 'organization', true],
        [viewer.id, 'viewer', 'project', false],
      ]),
    )
    expect(items.length).toBe(3)
  })

  test('filters by name, email, role and environment, and pages through each once', async () => {
    const { project, admin, viewer } = await staffed()
    const context = await world.inside(project)
    await createEnvironment(context, { name: 'staging' })
    const confined = await world.member(project, { envName: 'staging' })
    const ids = async (query: Partial<MemberQuery>) =>
      (await listMembers(context, ask(query))).items.map((member) => member.userId)
    expect(await ids({ q: admin.name.toUpperCase() })).toEqual([admin.id])
    expect(await ids({ q: viewer.email })).toEqual([viewer.id])
    expect(await ids({ q: '%' })).toEqual([])
    expect(await ids({ role: 'viewer' })).toEqual([viewer.id])
    expect(await ids({ env: 'staging' })).toEqual([confined.id])
    const narrowed = await world.member(project, { cellScopes: ['eu'] })
    const blind = await world.member(project, { cellScopes: [] })
    expect(await ids({ scope: 'some' })).toEqual([narrowed.id])
    expect(await ids({ scope: 'none' })).toEqual([blind.id])
    expect(await ids({ scope: 'all' })).not.toEqual(expect.arrayContaining([narrowed.id]))
    const whole = await ids({})
    const paged: string[] = []
    for (let cursor: string | undefined | null; cursor !== null;) {
      const page = await listMembers(context, ask({ limit: 2, cursor }))
      paged.push(...page.items.map((member) => member.userId))
      cursor = page.next
    }
    expect(paged).toEqual(whole)
    expect(new Set(paged).size).toBe(whole.length)
  })

  test.for([
    ['2026-01-01T00:00:00.000000Z', 'not-a-user'],
    ['2026-02-31T00:00:00.000000Z', '0199f0a2-7e1f-7000-8000-000000000000'],
    ['0000-01-01T00:00:00.000000Z', '0199f0a2-7e1f-7000-8000-000000000000'],
  ])('refuses the forged cursor %j', async (key) => {
    const { project } = await staffed()
    const cursor = Buffer.from(JSON.stringify(key)).toString('base64url')
    expect(await refused(listMembers(await world.inside(project), ask({ cursor })))).toBe('invalid_request')
  })

  test('shows nobody of another project', async () => {
    const [here, there] = [await staffed(), await staffed()]
    const context = await world.inside(here.project)
    expect((await listMembers(context, ask())).items.map((member) => member.userId)).not.toContain(there.viewer.id)
    expect(await refused(getMember(context, there.viewer.id))).toBe('member_not_found')
  })
})

describe('updateMember', () => {
  test('changes only the given fields', async () => {
    const { project, member } = await staffed()
    const context = await world.inside(project)
    await createEnvironment(context, { name: 'staging' })
    expect(await updateMember(context, member.id, { envName: 'staging' })).toMatchObject({
      role: 'member',
      envName: 'staging',
      expiresAt: null,
    })
    expect(await updateMember(context, member.id, { expiresAt: far })).toMatchObject({
      role: 'member',
      envName: 'staging',
      expiresAt: far,
    })
    expect(await updateMember(context, member.id, { role: 'admin' })).toMatchObject({
      role: 'admin',
      envName: 'staging',
      expiresAt: far,
    })
    expect(await updateMember(context, member.id, { envName: null, expiresAt: null })).toMatchObject({
      role: 'admin',
      envName: null,
      expiresAt: null,
    })
    expect(await refused(updateMember(context, member.id, { envName: 'nowhere' }))).toBe('no_such_environment')
  })

  test('changes cells together with everything else, as one event of its own name', async () => {
    const { project, member } = await staffed()
    const context = await world.inside(project)
    const events = async () =>
      (
        await world.db
          .selectFrom('audit_events')
          .select('action')
          .where('project_id', '=', project.id)
          .where('target_id', '=', member.id)
          .orderBy('id')
          .execute()
      ).map(({ action }) => action)
    const before = await events()
    const all = { role: 'viewer' as const, envName: 'default', cellScopes: ['eu'], expiresAt: far }
    expect(await updateMember(context, member.id, all)).toMatchObject(all)
    expect(await updateMember(context, member.id, { cellScopes: null })).toMatchObject({ ...all, cellScopes: null })
    expect((await events()).slice(before.length)).toEqual(['member.updated', 'member.scoped'])
    expect(await refused(updateMember(context, member.id, { cellScopes: [], envName: 'nowhere' }))).toBe('no_such_environment')
    expect(await getMember(context, member.id)).toMatchObject({ cellScopes: null, envName: 'default' })
  })

  test('takes effect on the next request', async () => {
    const { project, member } = await staffed()
    await updateMember(await world.inside(project), member.id, { role: 'viewer' })
    expect((await world.inside(project, member)).grant.role).toBe('viewer')
    await removeMember(await world.inside(project), member.id)
    expect(await refused(world.inside(project, member))).toBe('project_not_found')
  })

  test('an admin can make admins, but neither make nor change owners', async () => {
    const { project, owner, admin, member } = await staffed()
    const context = await world.inside(project, admin)
    expect(await updateMember(context, member.id, { role: 'admin' })).toMatchObject({ role: 'admin' })
    expect(await refused(updateMember(context, member.id, { role: 'owner' }))).toBe('forbidden')
    expect(await refused(updateMember(context, admin.id, { role: 'owner' }))).toBe('forbidden')
    expect(await refused(updateMember(context, owner.id, { role: 'viewer' }))).toBe('forbidden')
    expect(await refused(setCellScopes(context, owner.id, { cellScopes: [] }))).toBe('forbidden')
    expect(await refused(removeMember(context, owner.id))).toBe('forbidden')
    expect((await getMember(context, owner.id)).role).toBe('owner')
  })

  test('nobody extends their own access beyond its expiry', async () => {
    const { project } = await staffed()
    const leaving = await world.member(project, { role: 'admin', expiresAt: '2030-01-01T00:00:00Z' })
    const context = await world.inside(project, leaving)
    expect(await refused(updateMember(context, leaving.id, { expiresAt: null }))).toBe('forbidden')
    expect(await refused(updateMember(context, leaving.id, { expiresAt: '2030-01-01T00:00:01Z' }))).toBe('forbidden')
  })

  test.for(['member', 'viewer'] as const)('is refused to a %s, also for themselves', async (role) => {
    const staff = await staffed()
    const context = await world.inside(staff.project, staff[role])
    expect(await refused(updateMember(context, staff.viewer.id, { role: 'viewer' }))).toBe('forbidden')
    expect(await refused(setCellScopes(context, staff.member.id, { cellScopes: null }))).toBe('forbidden')
    expect(await refused(updateMember(context, staff[role].id, { role: 'viewer' }))).toBe('forbidden')
  })

  test('does not find a person of another project', async () => {
    const [here, there] = [await staffed(), await staffed()]
    const context = await world.inside(here.project)
    expect(await refused(updateMember(context, there.member.id, { role: 'viewer' }))).toBe('member_not_found')
    expect(await refused(setCellScopes(context, there.member.id, { cellScopes: [] }))).toBe('member_not_found')
    expect(await refused(removeMember(context, there.member.id))).toBe('member_not_found')
    expect((await getMember(await world.inside(there.project), there.member.id)).role).toBe('member')
  })

  test('refuses an older version', async () => {
    const { project, member } = await staffed()
    const before = await getMember(await world.inside(project), member.id)
    await updateMember(await world.inside(project), member.id, { role: 'viewer' })
    const context = await world.inside(project, world.root, { ifMatch: versionOf(before) })
    expect(await refused(updateMember(context, member.id, { role: 'admin' }))).toBe('precondition_failed')
    expect(await refused(setCellScopes(context, member.id, { cellScopes: [] }))).toBe('precondition_failed')
    expect(await refused(removeMember(context, member.id))).toBe('precondition_failed')
  })
})

describe('setCellScopes', () => {
  test('limits a member to a list or to nothing, and null removes the limit', async () => {
    const { project, admin, member } = await staffed()
    const context = await world.inside(project, admin)
    for (const cellScopes of [['not in the catalog'], [], null]) {
      expect((await setCellScopes(context, member.id, { cellScopes })).cellScopes).toEqual(cellScopes)
      expect((await world.inside(project, member)).grant.cellScopes).toEqual(cellScopes)
    }
  })
})

describe('removeMember', () => {
  test('lets anyone remove themselves, whatever their role', async () => {
    const { project, viewer } = await staffed()
    const confined = await world.member(project, { role: 'viewer', cellScopes: [] })
    for (const actor of [viewer, confined]) {
      expect(await removeMember(await world.inside(project, actor), actor.id)).toEqual({ userId: actor.id, removed: true })
    }
  })

  test.for(['member', 'viewer'] as const)('a %s removes nobody else', async (role) => {
    const staff = await staffed()
    expect(await refused(removeMember(await world.inside(staff.project, staff[role]), staff.admin.id))).toBe('forbidden')
  })

  test('returns 404 the second time', async () => {
    const { project, member } = await staffed()
    await removeMember(await world.inside(project), member.id)
    expect(await refused(removeMember(await world.inside(project), member.id))).toBe('member_not_found')
  })
})

describe('access that comes from the organization', () => {
  test('can only be changed in the organization', async () => {
    const { project } = await staffed()
    const orgAdmin = await world.person('admin')
    const context = await world.inside(project)
    expect((await getMember(context, orgAdmin.id)).source).toBe('organization')
    expect(await refused(updateMember(context, orgAdmin.id, { role: 'viewer' }))).toBe('inherited')
    expect(await refused(setCellScopes(context, orgAdmin.id, { cellScopes: [] }))).toBe('inherited')
    expect(await refused(removeMember(context, orgAdmin.id))).toBe('inherited')
    expect(await refused(removeMember(await world.inside(project, orgAdmin), orgAdmin.id))).toBe('inherited')
  })

  test('is not taken away by a limited membership', async () => {
    const { project } = await staffed()
    const orgAdmin = await world.person('admin')
    await addMember(await world.inside(project), add(orgAdmin.id, { role: 'viewer', cellScopes: [] }))
    expect((await world.inside(project, orgAdmin)).grant).toMatchObject({
      role: 'admin',
      source: 'organization',
      cellScopes: null,
    })
  })
})

describe('the last owner', () => {
  const ways = {
    'be removed': (context, id) => removeMember(context, id),
    'be demoted': (context, id) => updateMember(context, id, { role: 'admin' }),
    'be confined to an environment': (context, id) => updateMember(context, id, { envName: 'default' }),
    'be narrowed to cells': (context, id) => setCellScopes(context, id, { cellScopes: ['a'] }),
    'be narrowed to nothing': (context, id) => setCellScopes(context, id, { cellScopes: [] }),
    expire: (context, id) => updateMember(context, id, { expiresAt: far }),
  } as const satisfies Record<string, (context: Awaited<ReturnType<typeof world.inside>>, id: string) => Promise<unknown>>

  test.for(Object.entries(ways))('cannot %s, not by themselves and not by an owner of the organization', async ([, change]) => {
    const { project, owner } = await ownedByOne()
    const before = await getMember(await world.inside(project), owner.id)
    expect(await refused(change(await world.inside(project, owner), owner.id))).toBe('last_owner')
    expect(await refused(change(await world.inside(project), owner.id))).toBe('last_owner')
    expect(await getMember(await world.inside(project), owner.id)).toEqual(before)
  })

  test.for(Object.entries(ways))('can %s once there is another', async ([, change]) => {
    const { project, owner } = await ownedByOne()
    await world.member(project, { role: 'owner' })
    await expect(change(await world.inside(project, owner), owner.id)).resolves.toBeDefined()
  })

  test.for([{ cellScopes: [] }, { envName: 'default' }, { expiresAt: far }] as Partial<AddMember>[])(
    'is not replaced by an owner with %o',
    async (narrowed) => {
      const { project, owner } = await ownedByOne()
      const lesser = await world.member(project, { role: 'owner', ...narrowed })
      expect(await refused(removeMember(await world.inside(project, owner), owner.id))).toBe('last_owner')
      await removeMember(await world.inside(project, owner), lesser.id)
    },
  )
})
