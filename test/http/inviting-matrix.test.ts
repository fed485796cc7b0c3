import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Role, type VerbGrant } from '#contract/common'
import type { InvitedPeople } from '#contract/organizations/invitations'
import { invitationToken } from '#domain/organizations/invitations'
import { createUser } from '#domain/accounts/users'
import { type Player, personalToken } from '../support/world/cast.ts'
import { type Granter, type Granting, openGranting } from '../support/world/granting.ts'
import { type Rights, isWithin, later, until } from '../support/world/rights.ts'

// An invitation never grants more than its sender has, neither when it is sent nor when it is accepted.

const verbSets: VerbGrant[][] = [[], ['read:*'], ['delete:*'], ['create:*', 'read:*']]
const admin: Rights = { role: 'admin', envName: null, cellScopes: null, verbs: [], expiresAt: null }

let it: Granting
beforeAll(async () => {
  it = await openGranting()
})
afterAll(() => it.stop())

let guests = 0
/** A person with an account and no memberships. */
async function guest() {
  const user = await createUser(it.db, { email: `invited-${++guests}@elsewhere.test`, name: 'Guest' })
  return { ...user, bearer: await personalToken(it.db, user, null) }
}
type Guest = Awaited<ReturnType<typeof guest>>

const inviteTo = (granter: Granter, { email }: Guest, permissions: VerbGrant[]) =>
  it.send(granter.bearer, `POST /v1/projects/${it.stage.id}/invite`, { json: { email, permissions } })

async function linkOf({ email }: Guest): Promise<string> {
  const rows = it.db.selectFrom('invitations').select('id').where('email', '=', email).orderBy('id', 'desc')
  return invitationToken((await rows.executeTakeFirstOrThrow()).id)
}
const accept = async (one: Guest) => it.send(one.bearer, `POST /invitations/${await linkOf(one)}/accept`)
const acceptInV1 = async (one: Guest) => it.send(one.bearer, 'POST /v1/join_project', { json: { token: await linkOf(one) } })

describe('to a project, through the v1 API', { timeout: 90_000 }, () => {
  test.for(['people', 'tokens'] as const)('%s grant nothing beyond their own rights, even after acceptance', async (kind) => {
    for (const granter of it[kind]) {
      for (const verbs of verbSets) {
        const one = await guest()
        const given: Rights = { ...admin, role: 'member', verbs, expiresAt: granter.rights.expiresAt }
        const { status } = await inviteTo(granter, one, verbs)
        it.judge('invite', granter, given, 'create', status === 204 || status === 201 || status === 200)
        if (status >= 300) continue
        const joined = guests % 2 ? await accept(one) : await acceptInV1(one)
        expect(joined.status, joined.text).toBeLessThan(300)
        const now = await it.stored('project_members', (await it.membershipOf(one.id))!)
        expect(now).toEqual(given)
        expect(isWithin(now, granter.rights)).toBe(true)
      }
    }
    expect(it.verdict(it[kind].length * verbSets.length)).toEqual([])
  })

  const changed = (rights: Partial<Rights>) => async (sender: Granter, table: 'project_members' | 'project_tokens') => {
    const id = table === 'project_tokens' ? sender.id : (await it.membershipOf(sender.id))!
    await it.put(table, id, { ...sender.rights, ...rights })
  }
  const losses: [string, ReturnType<typeof changed>][] = [
    ['is demoted', changed({ role: 'member' })],
    ['is confined to an environment', changed({ envName: 'staging' })],
    ['is confined to cells', changed({ cellScopes: [] })],
    ['loses a verb', changed({ verbs: ['create:*', 'read:*'] })],
    ['gets an end', changed({ expiresAt: until })],
    ['expires', changed({ expiresAt: '2020-01-01T00:00:00Z' })],
    [
      'is removed',
      async ({ id }, table) => {
        const request =
          table === 'project_tokens' ? `DELETE /acme/alpha/tokens/${id}` : `DELETE /orgs/acme/projects/alpha/members/${id}`
        expect(await it.send(it.stage.tokens.owner, request)).toMatchObject({ status: 200 })
      },
    ],
  ]

  test.for(losses)('is refused once its sender %s', async ([, lose]) => {
    for (const table of ['project_members', 'project_tokens'] as const) {
      const sender = await (table === 'project_tokens' ? it.token : it.member)(admin)
      const one = await guest()
      expect((await inviteTo(sender, one, [])).status).toBeLessThan(300)
      await lose(sender, table)
      expect(await it.send(null, `GET /invitations/${await linkOf(one)}`)).toMatchObject({ status: 410 })
      expect(await accept(one)).toMatchObject({ status: 410, body: { code: 'inviter_lost_access' } })
      expect(await acceptInV1(one)).toMatchObject({ status: 410, body: { error: 'invitation gone' } })
      expect(await it.membershipOf(one.id)).toBeUndefined()
      const ofOrganization = it.db.selectFrom('organization_members').select('user_id').where('org_id', '=', it.cast.world.org.id)
      expect(await ofOrganization.where('user_id', '=', one.id).execute()).toEqual([])
    }
  })

  test('is valid again once its sender regains access, or once an authorized member resends it', async () => {
    const sender = await it.member(admin)
    const [first, second] = [await guest(), await guest()]
    for (const one of [first, second]) await inviteTo(sender, one, [])
    const id = (await it.membershipOf(sender.id))!
    await it.put('project_members', id, { ...admin, role: 'viewer' })
    expect(await accept(first)).toMatchObject({ status: 410 })
    const rows = it.db.selectFrom('invitations').select('id').where('email', '=', second.email)
    const { id: invitation } = await rows.executeTakeFirstOrThrow()
    const resent = await it.send(it.cast.people.orgAdmin.token, `POST /orgs/acme/invitations/${invitation}/resend`)
    expect(resent).toMatchObject({ status: 200, body: { invitedBy: { id: it.cast.people.orgAdmin.id } } })
    expect(await accept(second)).toMatchObject({ status: 200 })
    await it.put('project_members', id, admin)
    expect(await accept(first)).toMatchObject({ status: 200 })
  })
})

describe('to the organization and its projects', { timeout: 90_000 }, () => {
  const order = [...Role.options].toReversed()
  const isUpTo = (given: Role, own: Role) => order.indexOf(given) <= order.indexOf(own)
  const inOrganization = async (role: Role): Promise<Player> => {
    const actor = await it.cast.world.person(role)
    return { ...actor, token: await personalToken(it.db, actor, it.cast.world.org.id) }
  }
  const setRole = (userId: string, role: Role) =>
    it.db.updateTable('organization_members').set({ role }).where('user_id', '=', userId).execute()

  test('grants neither an organization role nor project rights above the sender’s own', async () => {
    for (const own of order) {
      const sender = await inOrganization(own)
      const rows = order.flatMap((role) => order.map((inProject) => ({ role, inProject })))
      const invitations = rows.map(({ role, inProject }, i) => ({
        email: `row-${own}-${i}@elsewhere.test`,
        role,
        projects: [{ slug: 'alpha', role: inProject, expiresAt: i % 2 ? later : null }],
      }))
      const { status, body } = await it.send<InvitedPeople>(sender.token, 'POST /orgs/acme/invitations', {
        json: { invitations },
      })
      const made = rows.filter((_, i) => status < 300 && body.results[i]!.invitation !== null)
      const allowed = rows.filter(({ role, inProject }) => isUpTo('admin', own) && isUpTo(role, own) && isUpTo(inProject, own))
      expect([own, made]).toEqual([own, allowed])
    }
  })

  test.for([
    ['owner', 'admin', { role: 'owner', projects: [] }],
    ['owner', 'admin', { role: 'member', projects: [{ slug: 'alpha', role: 'owner' }] }],
    ['admin', 'member', { role: 'viewer', projects: [] }],
    ['admin', 'member', { role: 'viewer', projects: [{ slug: 'alpha', role: 'viewer' }] }],
  ] as const)('from an %s is refused once they are %s: %j', async ([was, is, promised]) => {
    const [sender, one] = [await inOrganization(was), await guest()]
    const json = { invitations: [{ email: one.email, ...promised }] }
    expect(await it.send(sender.token, 'POST /orgs/acme/invitations', { json })).toMatchObject({ status: 201 })
    await setRole(sender.id, is)
    expect(await accept(one)).toMatchObject({ status: 410, body: { code: 'inviter_lost_access' } })
    await setRole(sender.id, was)
    expect(await accept(one)).toMatchObject({ status: 200 })
  })

  test('is refused once its sender has left', async () => {
    const [sender, one] = [await inOrganization('admin'), await guest()]
    await it.send(sender.token, 'POST /orgs/acme/invitations', { json: { invitations: [{ email: one.email }] } })
    await it.send(it.cast.people.orgOwner.token, `DELETE /orgs/acme/members/${sender.id}`)
    expect(await accept(one)).toMatchObject({ status: 410, body: { code: 'inviter_lost_access' } })
  })

  test('lets nobody give a role above their own', async () => {
    for (const own of order) {
      const sender = await inOrganization(own)
      const target = await inOrganization('viewer')
      for (const had of order) {
        for (const role of order) {
          await setRole(target.id, had)
          const { status } = await it.send(sender.token, `PATCH /orgs/acme/members/${target.id}`, { json: { role } })
          const expected = isUpTo('admin', own) && isUpTo(role, own) && (had !== 'owner' || own === 'owner')
          expect([own, had, role, status === 200]).toEqual([own, had, role, expected])
        }
      }
    }
  })

  test('gives a personal token no more rights than its person', async () => {
    for (const { bearer, rights } of it.people.filter(({ rights: { verbs } }) => verbs.length > 0)) {
      const { body } = await it.send<Rights>(bearer, 'GET /orgs/acme/projects/alpha/access')
      expect(isWithin(body, rights)).toBe(true)
    }
  })
})
