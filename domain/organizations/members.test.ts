import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Role } from '#contract/common'
import { withoutLocks } from '#test/support/database/without-locks'
import { personalToken } from '#test/support/world/cast'
import { DomainError } from '../errors.ts'
import { addMember, removeMember } from '../members/members.ts'
import { listOrganizationMembers, removeOrganizationMember, setOrganizationRole } from './members.ts'
import { getOrganization, updateOrganization } from './organizations.ts'
import { createWorld, openWorld, page, refused } from '#test/support/world/world'
import { createPersonalToken, listPersonalTokens } from '../tokens/tokens.ts'

const opened = await openWorld({ max: 16 })
afterAll(opened.close)
let n = 0
let world: Awaited<ReturnType<typeof createWorld>>
beforeEach(async () => {
  world = await createWorld(opened.db, `org-${++n}`)
})

const roleOf = async (userId: string) =>
  (await listOrganizationMembers(await world.at(world.root), { ...page, q: undefined, role: undefined })).items.find(
    (person) => person.userId === userId,
  )?.role
const actions = async () => {
  const events = await world.db
    .selectFrom('audit_events')
    .select('action')
    .where('org_id', '=', world.org.id)
    .orderBy('id')
    .execute()
  return events.map(({ action }) => action)
}

/** Expects a refusal that leaves no event. */
async function refusedInSilence(call: () => Promise<unknown>) {
  const before = await actions()
  const code = await refused(call())
  expect(await actions()).toEqual(before)
  return code
}

describe('listOrganizationMembers', () => {
  test('shows when each was last active, by session or by a token of this organization, and filters by role', async () => {
    const [ann, bob] = [await world.person('admin'), await world.person('viewer')]
    const signedIn = (at: string | null, { id }: { id: string }) =>
      world.db.updateTable('users').set({ last_signed_in_at: at }).where('id', '=', id).execute()
    await signedIn('2026-01-02T00:00:00Z', ann)
    await world.db.updateTable('sessions').set({ last_seen_at: '2026-01-02T00:00:00Z' }).where('user_id', '=', ann.id).execute()
    await personalToken(world.db, ann, world.org.id)
    await world.db
      .updateTable('personal_tokens')
      .set({ last_used_at: '2026-03-04T00:00:00Z' })
      .where('user_id', '=', ann.id)
      .execute()
    await world.db.deleteFrom('sessions').where('user_id', '=', bob.id).execute()
    const at = await world.at(world.root)
    const of = async (role: Role) => (await listOrganizationMembers(at, { ...page, q: undefined, role })).items
    expect(await of('admin')).toMatchObject([{ userId: ann.id, lastSeenAt: '2026-03-04T00:00:00.000000Z' }])
    expect(await of('viewer')).toMatchObject([{ userId: bob.id, lastSeenAt: expect.any(String) }])
    await signedIn(null, bob)
    expect(await of('viewer')).toMatchObject([{ userId: bob.id, lastSeenAt: null }])
  })
})

describe('updateOrganization', () => {
  test('is for owners and admins, writes one event, and none when nothing changes', async () => {
    const admin = await world.at(await world.person('admin'))
    expect(await updateOrganization(admin, { name: 'Acme Two' })).toMatchObject({ name: 'Acme Two', slug: world.org.slug })
    await updateOrganization(admin, { name: 'Acme Two' })
    expect((await actions()).filter((action) => action === 'organization.updated')).toHaveLength(1)
    const member = await world.at(await world.person('member'))
    expect(await refusedInSilence(() => updateOrganization(member, { name: 'Mine' }))).toBe('forbidden')
    const stale = await world.at(world.root, { ifMatch: '2020' })
    expect(await refusedInSilence(() => updateOrganization(stale, { name: 'Stale' }))).toBe('precondition_failed')
    expect((await getOrganization(member)).name).toBe('Acme Two')
  })
})

describe('setOrganizationRole', () => {
  test('lets an admin change non-owners, up to the admin’s own role', async () => {
    const admin = await world.at(await world.person('admin'))
    const person = await world.person('viewer')
    expect(await setOrganizationRole(admin, person.id, { role: 'admin' })).toMatchObject({ role: 'admin' })
    expect((await actions()).at(-1)).toBe('organization.member-updated')
    expect(await refusedInSilence(() => setOrganizationRole(admin, person.id, { role: 'owner' }))).toBe('forbidden')
    expect(await refusedInSilence(() => setOrganizationRole(admin, world.root.id, { role: 'viewer' }))).toBe('forbidden')
    expect(await refusedInSilence(async () => setOrganizationRole(await world.at(person), newId, { role: 'viewer' }))).toBe(
      'member_not_found',
    )
    expect(await roleOf(person.id)).toBe('admin')
  })

  test('is refused to members, for strangers, and for the last owner', async () => {
    const [member, other] = [await world.person('member'), await world.person('member')]
    const asMember = await world.at(member)
    expect(await refusedInSilence(() => setOrganizationRole(asMember, other.id, { role: 'viewer' }))).toBe('forbidden')
    const root = await world.at(world.root)
    const stranger = await (await createWorld(opened.db, `org-${++n}`)).person('viewer')
    expect(await refusedInSilence(() => setOrganizationRole(root, stranger.id, { role: 'admin' }))).toBe('member_not_found')
    expect(await refusedInSilence(() => setOrganizationRole(root, world.root.id, { role: 'admin' }))).toBe('last_owner')
    await setOrganizationRole(root, other.id, { role: 'owner' })
    expect(await setOrganizationRole(root, world.root.id, { role: 'admin' })).toMatchObject({ role: 'admin' })
  })
})

const newId = '019aa000-0000-7000-8000-000000000000'

describe('removeOrganizationMember', () => {
  test('removes memberships, tokens and invitations, with one event for each', async () => {
    const [one, two] = [await world.project('one'), await world.project('two')]
    const person = await world.member(one, { role: 'admin' })
    await addMember(await world.inside(two), { userId: person.id, role: 'viewer' })
    const asPerson = await world.at(person)
    await createPersonalToken(asPerson, { name: 'laptop' })
    const before = (await actions()).length
    const answer = await removeOrganizationMember(await world.at(world.root), person.id)
    expect(answer).toEqual({ userId: person.id, removed: true, projects: 2, personalTokens: 1 })
    expect((await actions()).slice(before).toSorted()).toEqual([
      'member.removed',
      'member.removed',
      'organization.member-removed',
      'personal-token.revoked',
    ])
    expect((await listPersonalTokens(asPerson, page)).items).toEqual([])
    expect(await roleOf(person.id)).toBeUndefined()
    const left = world.db.selectFrom('project_members').select('project_id').where('user_id', '=', person.id)
    expect(await left.execute()).toEqual([])
  })

  test('keeps what the person has in other organizations', async () => {
    const elsewhere = await createWorld(opened.db, `org-${++n}`)
    const project = await elsewhere.project('theirs')
    const person = await elsewhere.member(project)
    await world.db
      .insertInto('organization_members')
      .values({ org_id: world.org.id, user_id: person.id, role: 'member' })
      .execute()
    await removeOrganizationMember(await world.at(world.root), person.id)
    expect((await elsewhere.inside(project, person)).grant.role).toBe('member')
  })

  test('lets anyone leave; members remove nobody, and admins no owner', async () => {
    const [leaver, admin] = [await world.person('viewer'), await world.person('admin')]
    expect(await removeOrganizationMember(await world.at(leaver), leaver.id)).toMatchObject({ removed: true })
    const member = await world.person('member')
    expect(await refusedInSilence(async () => removeOrganizationMember(await world.at(member), admin.id))).toBe('forbidden')
    expect(await refusedInSilence(async () => removeOrganizationMember(await world.at(admin), world.root.id))).toBe('forbidden')
    expect(await refusedInSilence(async () => removeOrganizationMember(await world.at(admin), leaver.id))).toBe(
      'member_not_found',
    )
  })

  test('is refused for the last owner of the organization or of a project, names the project, and changes nothing', async () => {
    expect(await refusedInSilence(async () => removeOrganizationMember(await world.at(world.root), world.root.id))).toBe(
      'last_owner',
    )
    const project = await world.project('orphan')
    const person = await world.member(project, { role: 'owner' })
    await removeMember(await world.inside(project), world.root.id)
    const root = await world.at(world.root)
    const call = removeOrganizationMember(root, person.id)
    await expect(call).rejects.toThrow(/orphan/)
    await expect(call).rejects.toBeInstanceOf(DomainError)
    expect(await refusedInSilence(() => removeOrganizationMember(root, person.id))).toBe('last_owner')
    expect((await world.inside(project, person)).grant.role).toBe('owner')
  })
})

describe('two owners remove each other at once', () => {
  async function race(db: typeof world.db) {
    const here = await createWorld(opened.db, `race-${++n}`)
    const second = await here.person('owner')
    const [a, b] = [await here.at(here.root), await here.at(second)]
    await Promise.allSettled([
      removeOrganizationMember({ ...a, db }, second.id),
      removeOrganizationMember({ ...b, db }, here.root.id),
    ])
    const owners = await opened.db
      .selectFrom('organization_members')
      .select('user_id')
      .where('org_id', '=', here.org.id)
      .where('role', '=', 'owner')
      .execute()
    return owners.length
  }

  test('one always stays', { timeout: 60_000 }, async () => {
    for (let tries = 0; tries < 30; tries++) expect(await race(opened.db)).toBe(1)
  })

  test('without the organization’s lock, none stays', { timeout: 60_000 }, async () => {
    const unlocked = withoutLocks(opened.db)
    let orphaned = 0
    for (let tries = 0; tries < 100 && orphaned === 0; tries++) orphaned += (await race(unlocked)) === 0 ? 1 : 0
    expect(orphaned).toBe(1)
  })
})

describe('one owner of a project leaves the organization while the other leaves the project', () => {
  async function twoOwners() {
    const project = await world.project(`ring-${++n}`)
    const [one, two] = [await world.member(project, { role: 'owner' }), await world.member(project, { role: 'owner' })]
    await removeMember(await world.inside(project), world.root.id)
    return { project, one, two, inOrganization: await world.at(one), inProject: await world.inside(project, two) }
  }
  const ownersOf = async ({ id }: { id: string }) =>
    (await opened.db.selectFrom('project_members').select('id').where('project_id', '=', id).execute()).length

  test('the project always keeps one', { timeout: 60_000 }, async () => {
    for (let tries = 0; tries < 20; tries++) {
      const { project, one, two, inOrganization, inProject } = await twoOwners()
      await Promise.allSettled([
        removeOrganizationMember({ ...inOrganization, db: opened.db }, one.id),
        removeMember({ ...inProject, db: opened.db }, two.id),
      ])
      expect(await ownersOf(project)).toBe(1)
    }
  })

  test('without the locks, none stays', async () => {
    const unlocked = withoutLocks(opened.db)
    const { project, one, two, inOrganization, inProject } = await twoOwners()
    // One has left and not committed; the other should wait, and does not.
    await unlocked.transaction().execute(async (trx) => {
      await removeOrganizationMember({ ...inOrganization, db: trx }, one.id)
      await removeMember({ ...inProject, db: unlocked }, two.id)
    })
    expect(await ownersOf(project)).toBe(0)
  })
})

test('a person added to a project while they are being removed ends up a member of nothing', { timeout: 60_000 }, async () => {
  for (let tries = 0; tries < 20; tries++) {
    const project = await world.project(`p-${tries}`)
    const person = await world.person()
    await Promise.allSettled([
      addMember(await world.inside(project), { userId: person.id, role: 'owner' }),
      removeOrganizationMember(await world.at(world.root), person.id),
    ])
    const left = await world.db.selectFrom('project_members').select('id').where('user_id', '=', person.id).execute()
    expect(left).toEqual([])
  }
})
