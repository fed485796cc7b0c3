import { afterAll, describe, expect, test, vi } from 'vitest'
import { AcceptInvitation, InvitePeople } from '#contract/organizations/invitations'
import { insertSession } from '#db/queries/accounts/sessions'
import type { OrgContext, UserActor } from '../context.ts'
import { createEnvironment } from '../projects/environments.ts'
import { newId } from '../ids.ts'
import { invitationToken } from './invitations.ts'
import { joinByLink, openInvitation } from './joining.ts'
import { listOrganizationMembers, removeOrganizationMember } from './members.ts'
import { invitePeople, listInvitations, resendInvitation, revokeInvitation } from './organization-invitations.ts'
import { findUserByPassword } from '../accounts/passwords.ts'
import { createUser } from '../accounts/users.ts'
import { createWorld, openWorld, page, refused } from '#test/support/world/world'

vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long')
vi.stubEnv('BULKHEAD_URL', 'https://console.test')
const world = await openWorld({ max: 16 })
const other = await createWorld(world.db, 'other')
afterAll(world.close)
afterAll(() => vi.unstubAllEnvs())

const origin = { requestId: '019aa000-0000-7000-8000-000000000000', address: null }
const account = { name: 'New Person', password: 'correct horse battery' }
const nothing = AcceptInvitation.parse({})
const all = { ...page, state: undefined }
const root = await world.at(world.root)
let n = 0
const address = () => `guest-${++n}@elsewhere.test`
const count = async () => (await world.db.selectFrom('audit_events').select('id').execute()).length

const ask = (context: OrgContext, ...invitations: unknown[]) => invitePeople(context, InvitePeople.parse({ invitations }))
/** Makes one invitation, which must succeed. */
async function invite(given: object = {}, context = root) {
  const { results } = await ask(context, { email: address(), ...given })
  expect(results[0]!.error).toBeNull()
  return results[0]!.invitation!
}
const codes = async (context: OrgContext, ...invitations: unknown[]) =>
  (await ask(context, ...invitations)).results.map(({ error }) => error?.code ?? 'created')

/** A signed-in person with an account and no organization. */
async function visitor(email: string): Promise<UserActor> {
  const user = await createUser(world.db, { email, name: 'Visitor' })
  const credentialId = newId()
  await insertSession(world.db, { id: credentialId, user_id: user.id, address: null, user_agent: null, hours: 1 })
  return {
    kind: 'user',
    ...user,
    name: 'Visitor',
    avatarUrl: null,
    via: 'session',
    credentialId,
    orgId: null,
    authenticatedAt: null,
  }
}
const guest = (actor: UserActor) => ({ db: world.db, origin, actor: { ...root, actor } })
const nobody = { db: world.db, origin }
const tokenOf = ({ id }: { id: string }) => invitationToken(id)

describe('invitePeople', () => {
  test('answers each row separately: the invitation, or what is wrong', async () => {
    const project = await world.project('rows')
    const member = await world.person()
    const [good, twice] = [address(), address()]
    expect(
      await codes(
        root,
        { email: ` ${good.toUpperCase()} ` },
        { email: twice },
        { email: twice },
        { email: member.email },
        { email: world.root.email },
        { email: 'nonsense' },
        { email: `${'x'.repeat(300)}@example.test` },
        { email: address(), projects: [{ slug: 'nowhere' }] },
        { email: address(), projects: [{ projectId: project.id, envName: 'nowhere' }] },
        { email: address(), projects: [{ projectId: project.id }, { slug: 'rows' }] },
        { email: address(), projects: [{ projectId: (await other.project('theirs')).id }] },
      ),
    ).toEqual([
      'created',
      'created',
      'invited_twice',
      'already_member',
      'invited_yourself',
      'invalid_email',
      'invalid_email',
      'project_not_found',
      'no_such_environment',
      'invited_twice',
      'project_not_found',
    ])
    const { items } = await listInvitations(root, all)
    expect(items.map(({ email, state, invitedBy }) => [email, state, invitedBy?.name])).toEqual([
      [good, 'pending', 'root'],
      [twice, 'pending', 'root'],
    ])
    expect(items[0]!.link).toBe(`https://console.test/invite/${tokenOf(items[0]!)}`)
  })

  test('grants nothing above the caller’s own role, in the organization or in a project', async () => {
    const admin = await world.at(await world.person('admin'))
    await world.project('above')
    const given = [
      { email: address(), role: 'owner' },
      { email: address(), projects: [{ slug: 'above', role: 'owner' }] },
      { email: address(), role: 'admin', projects: [{ slug: 'above', role: 'admin' }] },
    ]
    expect(await codes(admin, ...given)).toEqual(['forbidden', 'forbidden', 'created'])
  })

  test('is refused to members of the organization, whatever their project roles, and leaves no event', async () => {
    const project = await world.project('only')
    const owner = await world.at(await world.member(project, { role: 'owner' }))
    const before = await count()
    expect(await refused(ask(owner, { email: address() }))).toBe('forbidden')
    expect(await refused(listInvitations(owner, all))).toBe('forbidden')
    await ask(root, { email: 'nonsense' })
    expect(await count()).toBe(before)
    await ask(root, { email: address() })
    expect(await count()).toBe(before + 1)
  })

  test('revokes an older invitation unless it grants something that the new one does not', async () => {
    const project = await world.project('again')
    const email = address()
    const first = await invite({ email })
    const second = await invite({ email, projects: [{ projectId: project.id }] })
    const third = await invite({ email })
    expect(await refused(openInvitation(nobody, tokenOf(first)))).toBe('invitation_gone')
    for (const still of [second, third]) expect(await openInvitation(nobody, tokenOf(still))).toMatchObject({ email })
  })
})

describe('an invitation that grants more than its reader has', () => {
  test('shows them no link, and cannot be resent or revoked by them', async () => {
    const admin = await world.at(await world.person('admin'))
    const { id } = await invite({ role: 'owner' })
    const seen = (await listInvitations(admin, all)).items.find((one) => one.id === id)
    expect(seen).toMatchObject({ link: null, manage: false })
    expect(await refused(resendInvitation(admin, id))).toBe('forbidden')
    expect(await refused(revokeInvitation(admin, id))).toBe('forbidden')
  })
})

describe('resend and revoke', () => {
  test('an expired invitation works again after it is resent, each with one event', async () => {
    const made = await invite()
    await world.db.updateTable('invitations').set({ expires_at: '2020-01-01T00:00:00Z' }).where('id', '=', made.id).execute()
    expect(await refused(openInvitation(nobody, tokenOf(made)))).toBe('invitation_expired')
    expect((await listInvitations(root, { ...page, state: 'expired' })).items.map(({ id }) => id)).toEqual([made.id])
    const before = await count()
    expect(await resendInvitation(root, made.id)).toMatchObject({ state: 'pending' })
    expect(await count()).toBe(before + 1)
    expect(await openInvitation(nobody, tokenOf(made))).toMatchObject({ email: made.email })
  })

  test('a revoked invitation is gone, and does not exist for another organization', async () => {
    const made = await invite()
    const theirs = await other.at(other.root)
    expect(await refused(revokeInvitation(theirs, made.id))).toBe('invitation_not_found')
    expect(await refused(resendInvitation(theirs, made.id))).toBe('invitation_not_found')
    const before = await count()
    expect(await revokeInvitation(root, made.id)).toEqual({ id: made.id, revoked: true })
    expect(await refused(revokeInvitation(root, made.id))).toBe('invitation_gone')
    expect(await refused(resendInvitation(root, made.id))).toBe('invitation_gone')
    expect(await refused(joinByLink(nobody, tokenOf(made), account))).toBe('invitation_gone')
    expect(await count()).toBe(before + 1)
  })
})

describe('joinByLink', () => {
  test('makes a new person with the password they choose, and gives exactly the promised projects', async () => {
    const [one, two] = [await world.project('exact-one'), await world.project('exact-two')]
    await createEnvironment(await world.inside(one), { name: 'staging' })
    const made = await invite({
      role: 'viewer',
      projects: [
        { slug: 'exact-one', role: 'admin', envName: 'staging', cellScopes: ['eu', 'us'], expiresAt: '2099-01-01T00:00:00Z' },
        { projectId: two.id, role: 'viewer', cellScopes: [] },
      ],
    })
    const before = await count()
    const answer = await joinByLink(nobody, tokenOf(made), account)
    expect(answer).toMatchObject({ organization: { slug: 'acme' }, email: made.email })
    const user = await findUserByPassword(world.db, made.email, account.password)
    const rights = await world.db
      .selectFrom('project_members as m')
      .leftJoin('environments as e', 'e.id', 'm.env_id')
      .select(['m.project_id', 'm.role', 'e.name as env', 'm.cell_scopes', 'm.expires_at'])
      .where('m.user_id', '=', user!.id)
      .orderBy('m.project_id')
      .execute()
    expect(rights).toEqual([
      { project_id: one.id, role: 'admin', env: 'staging', cell_scopes: ['eu', 'us'], expires_at: '2099-01-01T00:00:00.000000Z' },
      { project_id: two.id, role: 'viewer', env: null, cell_scopes: [], expires_at: null },
    ])
    const people = await listOrganizationMembers(root, { ...page, q: made.email, role: undefined })
    expect(people.items).toMatchObject([{ role: 'viewer', name: account.name }])
    const written = await world.db.selectFrom('audit_events').select(['action', 'actor_name']).orderBy('id').execute()
    expect(written.slice(before).map(({ action, actor_name }) => [action, actor_name])).toEqual([
      ['user.created', 'invitation'],
      ['organization.member-added', made.email],
      ['member.added', made.email],
      ['member.added', made.email],
    ])
  })

  test('lets in only a signed-in person with its address', async () => {
    const made = await invite()
    const stranger = await visitor(address())
    expect(await refused(joinByLink(guest(stranger), tokenOf(made), nothing))).toBe('email_mismatch')
    expect(await refused(joinByLink(nobody, tokenOf(made), nothing))).toBe('unauthenticated')
    const person = await visitor(made.email)
    await joinByLink(guest(person), tokenOf(made), nothing)
    expect((await world.at(person)).org.role).toBe('member')
    expect(await refused(joinByLink(guest(person), tokenOf(made), nothing))).toBe('invitation_gone')
  })

  test('tells a person with an account to sign in, whether their password is right or not', async () => {
    const made = await invite()
    const seen = await openInvitation(nobody, tokenOf(made))
    await createUser(world.db, { email: made.email, name: 'Known', password: 'their very own password' })
    expect(await openInvitation(nobody, tokenOf(made))).toEqual(seen)
    for (const password of ['their very own password', 'another password'])
      expect(await refused(joinByLink(nobody, tokenOf(made), { name: 'X', password }))).toBe('email_taken')
  })

  test('lets in one of a hundred calls at once', { timeout: 60_000 }, async () => {
    const made = await invite()
    const person = await visitor(made.email)
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        joinByLink(guest(person), tokenOf(made), nothing).then(
          () => 'joined',
          (error: { code?: string }) => error.code,
        ),
      ),
    )
    expect(answers.filter((answer) => answer === 'joined')).toHaveLength(1)
    expect(new Set(answers)).toEqual(new Set(['joined', 'invitation_gone']))
  })

  test('creates one user for ten new people at once', { timeout: 60_000 }, async () => {
    const made = await invite()
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => joinByLink(nobody, tokenOf(made), account)))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('refuses a forged link', async () => {
    const token = tokenOf(await invite())
    expect(await refused(openInvitation(nobody, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`))).toBe(
      'invitation_not_found',
    )
  })

  test('does not bring back a removed person through an earlier invitation', async () => {
    const project = await world.project('back')
    const email = address()
    const [wide, plain] = [await invite({ email, projects: [{ projectId: project.id }] }), await invite({ email })]
    const person = await visitor(email)
    await joinByLink(guest(person), tokenOf(plain), nothing)
    await removeOrganizationMember(root, person.id)
    expect(await refused(joinByLink(guest(person), tokenOf(wide), nothing))).toBe('invitation_gone')
  })
})
