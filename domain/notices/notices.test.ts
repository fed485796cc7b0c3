import { afterAll, describe, expect, test, vi } from 'vitest'
import { InvitePeople } from '#contract/organizations/invitations'
import type { NoticeKind } from '#contract/notices/notices'
import { inTransaction } from '#db/client'
import type { ActorContext, ProjectContext, UserActor } from '../context.ts'
import { invitationToken } from '../organizations/invitations.ts'
import { joinByLink } from '../organizations/joining.ts'
import { addMember, removeMember, setCellScopes, setVerbs, updateMember } from '../members/members.ts'
import { countUnreadNotices, listNotices, markAllNotices, markNotice } from './notices.ts'
import { nukeProject, restoreWipe } from '../nuke/nuke.ts'
import { invitePeople } from '../organizations/organization-invitations.ts'
import { addOrganizationMember, grantOwner, removeOrganizationMember, setOrganizationRole } from '../organizations/members.ts'
import { deleteProject, restoreProject, setProtection, updateProject } from '../projects/projects.ts'
import { addType } from '#test/support/world/catalog'
import { createWorld, openWorld, page, refused } from '#test/support/world/world'

vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long')
const world = await openWorld({ max: 12 })
const other = await createWorld(world.db, 'other')
afterAll(world.close)
afterAll(() => vi.unstubAllEnvs())

/** One of each: `root` and `second` own the organization, `owner` and `acting` own the project. */
const second = await world.person('owner', 'second')
const orgAdmin = await world.person('admin', 'org-admin')
const project = await world.project('p')
const owner = await world.member(project, { role: 'owner' })
const acting = await world.member(project, { role: 'owner' })
const expired = await world.member(project, { role: 'owner' })
const admin = await world.member(project, { role: 'admin' })
const viewer = await world.member(project, { role: 'viewer' })
const elsewhere = await world.member(await world.project('q'), { role: 'owner' })
await world.db
  .updateTable('project_members')
  .set({ expires_at: '2020-01-01T00:00:00Z' })
  .where('user_id', '=', expired.id)
  .execute()
const everybody = { root: world.root, second, orgAdmin, owner, acting, expired, admin, viewer, elsewhere, stranger: other.root }
type Who = keyof typeof everybody

const rows = () => world.db.selectFrom('notices').selectAll().execute()
const forget = () => world.db.deleteFrom('notices').execute()
const inside = (actor: UserActor) => world.inside(project, actor)
const mails = async () => (await jobs()).map(({ payload }) => (payload as { userId: string }).userId)
const jobs = () =>
  world.db
    .withSchema('graphile_worker')
    .selectFrom('_private_jobs as j' as never)
    .select(['payload' as never])
    .execute() as Promise<{ payload: unknown }[]>
const forgetMails = () =>
  world.db
    .withSchema('graphile_worker')
    .deleteFrom('_private_jobs' as never)
    .execute()
const nameOf = (id: string) => Object.entries(everybody).find(([, { id: one }]) => one === id)?.[0] ?? id

const owners: Who[] = ['root', 'second', 'owner', 'acting']
const ofOrganization: Who[] = ['root', 'second']
let made = ''
const newcomer = await world.person('member', 'newcomer')
const promoted = await world.person('member', 'promoted')

/** What is done by whom (`acting` by default), which notice it makes and who is notified; some events concern `newcomer`. */
const events: [
  what: string,
  by: Who,
  kind: NoticeKind,
  recipients: (Who | 'newcomer' | 'promoted')[],
  act: (c: ProjectContext) => Promise<unknown>,
][] = [
  ['a nuke', 'acting', 'nuked', owners, (c) => nukeProject(c, { confirm: 'p' }).then(({ wipeId }) => (made = wipeId ?? ''))],
  ['a nuke by an admin', 'admin', 'nuked', owners, (c) => nukeProject(c, { confirm: 'p' })],
  ['a nuke by an admin of the organization', 'orgAdmin', 'nuked', owners, (c) => nukeProject(c, { confirm: 'p' })],
  ['an undo', 'acting', 'undone', owners, (c) => restoreWipe(c, made)],
  ['an owner made', 'acting', 'owner-made', [...owners, 'newcomer'], (c) => addMember(c, { userId: newcomer.id, role: 'owner' })],
  [
    'an owner narrowed',
    'acting',
    'owner-changed',
    [...owners, 'newcomer'],
    (c) => setCellScopes(c, newcomer.id, { cellScopes: [] }),
  ],
  ['an owner’s verbs', 'acting', 'owner-changed', [...owners, 'newcomer'], (c) => setVerbs(c, newcomer.id, ['read:*'])],
  [
    'an owner demoted',
    'acting',
    'owner-removed',
    [...owners, 'newcomer'],
    (c) => updateMember(c, newcomer.id, { role: 'viewer' }),
  ],
  ['a member promoted', 'acting', 'owner-made', [...owners, 'newcomer'], (c) => updateMember(c, newcomer.id, { role: 'owner' })],
  ['an owner removed', 'acting', 'owner-removed', [...owners, 'newcomer'], (c) => removeMember(c, newcomer.id)],
  ['a deletion', 'acting', 'deleted', owners, (c) => deleteProject(c)],
  ['a restoration', 'root', 'restored', owners, (c) => restoreProject(c, project.id)],
  [
    'an owner of the organization made',
    'root',
    'owner-made',
    [...ofOrganization, 'promoted'],
    (c) => setOrganizationRole(c, promoted.id, { role: 'owner' }),
  ],
  [
    'one demoted',
    'root',
    'owner-removed',
    [...ofOrganization, 'promoted'],
    (c) => setOrganizationRole(c, promoted.id, { role: 'member' }),
  ],
  [
    'one made by the command line',
    'root',
    'owner-made',
    [...ofOrganization, 'promoted'],
    (c) => grantOwner(c.db, c.org, promoted),
  ],
  ['one removed', 'root', 'owner-removed', [...ofOrganization, 'promoted'], (c) => removeOrganizationMember(c, promoted.id)],
  [
    'one added by the command line',
    'root',
    'owner-made',
    [...ofOrganization, 'promoted'],
    (c) => addOrganizationMember(c.db, c.org, promoted, 'owner'),
  ],
  ['one who leaves', 'second', 'owner-removed', ['root', 'second', 'promoted'], (c) => removeOrganizationMember(c, second.id)],
]

describe('notifies all owners once and nobody else, and mails everyone but the actor', () => {
  test.for(events)('of %s', async ([what, by, kind, recipients, act]) => {
    const actor = everybody[by]
    if (kind === 'nuked') await addType(await inside(acting))
    // An action on the organization happens outside its projects.
    const ofProject = recipients.includes('owner') && kind !== 'restored'
    const standing = ofProject ? await inside(actor) : ((await world.at(actor)) as ProjectContext)
    await forget()
    await forgetMails()
    await act(standing)
    const found = await rows()
    const names = { newcomer: newcomer.id, promoted: promoted.id }
    const idOf = (who: string) => names[who as keyof typeof names] ?? everybody[who as Who].id
    expect(found.map(({ user_id }) => nameOf(user_id)).toSorted()).toEqual(recipients.map((who) => nameOf(idOf(who))).toSorted())
    expect(new Set(found.map((notice) => notice.kind))).toEqual(new Set([kind]))
    const byCommandLine = what.includes('command line')
    const read = found.filter(({ read_at }) => read_at !== null).map(({ user_id }) => user_id)
    const isRecipient = recipients.includes(by) && !byCommandLine
    expect(read).toEqual(isRecipient ? [actor.id] : [])
    expect((await mails()).toSorted()).toEqual(
      found
        .filter(({ read_at }) => read_at === null)
        .map(({ user_id }) => user_id)
        .toSorted(),
    )
  })

  test('skips events that concern no owner', async () => {
    const context = await inside(owner)
    const person = await world.person()
    await forget()
    await updateProject(context, { name: 'New', metadata: undefined })
    await setProtection(context, { protected: true })
    await setProtection(context, { protected: false })
    await addMember(context, { userId: person.id, role: 'admin' })
    await updateMember(context, person.id, { role: 'viewer' })
    await setCellScopes(context, person.id, { cellScopes: [] })
    await removeMember(context, person.id)
    await setOrganizationRole(await world.at(world.root), person.id, { role: 'admin' })
    await removeOrganizationMember(await world.at(world.root), person.id)
    await world.project('another')
    expect(await rows()).toEqual([])
  })

  test('skips refused and rolled-back changes', async () => {
    const context = await inside(owner)
    await forget()
    await forgetMails()
    expect(await refused(nukeProject(context, { confirm: 'q' }))).toBe('confirmation_required')
    expect(await refused(nukeProject(await inside(viewer), { confirm: 'p' }))).toBe('forbidden')
    const undone = inTransaction(world.db, async (trx) => {
      await nukeProject({ ...context, db: trx }, { confirm: 'p' })
      throw new Error('no')
    })
    await expect(undone).rejects.toThrow('no')
    expect([await rows(), await mails()]).toEqual([[], []])
  })

  test('announces an invited owner when they join; the actor’s own notice is read already', async () => {
    const email = 'guest@elsewhere.test'
    const invitations = InvitePeople.parse({ invitations: [{ email, role: 'owner', projects: [{ slug: 'p', role: 'owner' }] }] })
    const { results } = await invitePeople(await world.at(world.root), invitations)
    await forget()
    const origin = { requestId: '019aa000-0000-7000-8000-000000000000', address: null }
    const account = { name: 'New Person', password: 'correct horse battery' }
    await joinByLink({ db: world.db, origin }, invitationToken(results[0]!.invitation!.id), account)
    const found = await rows()
    expect(found.map(({ kind }) => kind)).toEqual(found.map(() => 'owner-made'))
    const unread = found.filter(({ read_at }) => read_at === null).map(({ user_id }) => nameOf(user_id))
    const fromProject = ['acting', 'owner']
    expect(unread.toSorted()).toEqual([...fromProject, 'root', 'root', promoted.id, promoted.id].toSorted())
  })
})

describe('a reader', () => {
  const all = { ...page, unread: undefined }
  const reading = async (actor: UserActor): Promise<ActorContext> => world.at(actor)

  test('lists who did what and how long it can be undone; marks one read or unread, and all read', async () => {
    await forget()
    const { wipeId } = await nukeProject(await inside(acting), { confirm: 'p' })
    const context = await reading(owner)
    const { items } = await listNotices(context, all)
    expect(items).toMatchObject([
      {
        kind: 'nuked',
        summary: `${acting.email} nuked the project p`,
        project: { id: project.id, slug: 'p', deleted: false },
        organization: { slug: 'acme' },
        wipeId,
        readAt: null,
      },
    ])
    expect(Date.parse(items[0]!.undoBefore!)).toBeGreaterThan(Date.now())
    await restoreWipe(await inside(acting), wipeId!)
    expect((await listNotices(context, all)).items.map(({ kind, undoBefore }) => [kind, undoBefore])).toEqual([
      ['undone', null],
      ['nuked', null],
    ])
    expect(await countUnreadNotices(context)).toEqual({ unread: 2 })
    expect((await markNotice(context, items[0]!.id, { read: true })).readAt).not.toBeNull()
    expect(await countUnreadNotices(context)).toEqual({ unread: 1 })
    expect((await listNotices(context, { ...page, unread: 'true' })).items.map(({ kind }) => kind)).toEqual(['undone'])
    expect((await markNotice(context, items[0]!.id, { read: false })).readAt).toBeNull()
    expect(await markAllNotices(context)).toEqual({ unread: 0 })
    expect(await countUnreadNotices(await reading(world.root))).toEqual({ unread: 2 })
  })

  test('pages through the notices', async () => {
    const context = await reading(owner)
    const first = await listNotices(context, { ...all, limit: 1 })
    const next = await listNotices(context, { ...all, limit: 1, cursor: first.next! })
    expect([...first.items, ...next.items].map(({ kind }) => kind)).toEqual(['undone', 'nuked'])
    expect(next.next).toBeNull()
  })

  test('sees only their own; a token of one organization sees only that organization’s, and a project token none', async () => {
    const { items } = await listNotices(await reading(owner), all)
    expect(await refused(markNotice(await reading(viewer), items[0]!.id, { read: true }))).toBe('notice_not_found')
    const elsewhereOnly = { ...(await reading(owner)), actor: { ...owner, orgId: other.org.id } }
    expect((await listNotices(elsewhereOnly, all)).items).toEqual([])
    expect(await refused(markNotice(elsewhereOnly, items[0]!.id, { read: false }))).toBe('notice_not_found')
    expect(await countUnreadNotices(elsewhereOnly)).toEqual({ unread: 0 })
    const { actor } = await world.token(project, { role: 'owner' })
    expect(await refused(listNotices(await world.at(actor), all))).toBe('forbidden')
  })

  test('still sees the notices of a deleted project, and none once their account is gone', async () => {
    const short = await world.project('short')
    const person = await world.member(short, { role: 'owner' })
    await forget()
    await deleteProject(await world.inside(short))
    expect((await listNotices(await reading(person), all)).items).toMatchObject([
      { kind: 'deleted', project: { slug: 'short', deleted: true }, undoBefore: expect.any(String) },
    ])
    await world.db.deleteFrom('project_members').where('project_id', '=', short.id).execute()
    await world.db.deleteFrom('environments').where('project_id', '=', short.id).execute()
    await world.db.deleteFrom('projects').where('id', '=', short.id).execute()
    expect((await listNotices(await reading(person), all)).items).toMatchObject([
      { summary: `${world.root.email} deleted the project short`, project: { slug: null, deleted: true }, undoBefore: null },
    ])
    await world.db.deleteFrom('users').where('id', '=', person.id).execute()
    expect((await rows()).map(({ user_id }) => user_id)).not.toContain(person.id)
  })
})
