import { sql } from 'kysely'
import { afterAll, describe, expect, test, vi } from 'vitest'
import type { Invitation } from '#contract/organizations/invitations'
import type { Membership } from '#contract/v1/common'
import type { V1Project } from '#contract/v1/projects'
import { invitationToken } from '#domain/organizations/invitations'
import { createUser } from '#domain/accounts/users'
import { startJobs } from '#server/jobs/worker'
import { createTestDatabase } from '#test/support/database/database'
import { createCast, personalToken } from '../support/world/cast.ts'
import { startInbox } from '../support/servers/inbox.ts'
import { startLane } from '../support/http/lane.ts'
import { v1Client } from '../support/v1/client.ts'
import { refusalOf } from '../support/v1/surface.ts'

// Owners are also notified by mail about other owners, so only mails that invite count here.
const needsAdmin = expect.stringMatching(/^permission denied: this needs the role admin/) as string

const inbox = await startInbox(({ text }) => text.includes('invites you'))
const database = await createTestDatabase()
const lane = await startLane(database.url)
process.env['BULKHEAD_SMTP_URL'] = inbox.url
process.env['BULKHEAD_REDIRECT_ORIGINS'] = 'https://core.example.test'
const jobs = await startJobs(lane.db, database.url)
const cast = await createCast(lane.db)
afterAll(async () => {
  await jobs.stop()
  await lane.stop()
  await database.drop()
  await inbox.stop()
})

let n = 0
async function somebody() {
  const user = await createUser(lane.db, { email: `guest-${++n}@example.test`, name: 'Guest' })
  return { ...user, v1: v1Client(lane.origin, { bearer: await personalToken(lane.db, user, null) }) }
}
const client = (bearer: string) => v1Client(lane.origin, { bearer })

/** A project, and an invitation to it as the invited person receives it by mail. */
async function invited(extra: object = {}) {
  const stage = await cast.project(`party-${++n}`)
  const guest = await somebody()
  const admin = client(cast.people.admin.token)
  await admin.post(`/v1/projects/${stage.id}/invite`, { email: guest.email, permissions: null, redirectURI: null, ...extra })
  const mail = await inbox.next()
  const link = new URL(/https?:\/\/\S+/.exec(mail.text)![0])
  const token = link.searchParams.get('token') ?? link.pathname.split('/').at(-1)!
  return { stage, guest, admin, mail, link, token }
}
const idOf = (token: string) =>
  (JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { InvitationID: string }).InvitationID

describe('an invitation', () => {
  test('comes by mail, and makes its reader a member with its permissions, once', async () => {
    const { stage, guest, mail, link, token } = await invited({
      permissions: ['read:*'],
      redirectURI: 'https://core.example.test/join?x=1',
    })
    expect(mail.to).toEqual([guest.email])
    expect(link.href).toMatch(/^https:\/\/core\.example\.test\/join\?x=1&token=/)
    await guest.v1.post('/v1/join_project', { token })
    const { membership } = await guest.v1.get<V1Project>(`/v1/projects/${stage.id}`)
    expect(membership).toMatchObject({ userID: guest.id, roles: [], permissions: ['read:*'] })
    expect(await refusalOf(guest.v1.patch(`/v1/projects/${stage.id}`, { name: 'mine' }))).toEqual([403, needsAdmin])
    expect(await refusalOf(guest.v1.post('/v1/join_project', { token }))).toEqual([410, 'invitation gone'])
    const log = await client(cast.people.admin.token).get<{ items: { action: string; identity: { name: string } }[] }>(
      `/v1/projects/${stage.id}/audit_logs?first=2`,
    )
    expect(log.items.map(({ action, identity }) => [action, identity.name])).toEqual([
      ['CREATE', guest.email],
      ['CREATE', cast.people.admin.email],
    ])
  })

  test('links to our own page when the inviter names none', async () => {
    const { link, token } = await invited()
    expect(link.href).toBe(`${lane.origin}/invite/${token}`)
  })

  test('works for its own address only', async () => {
    const { token, stage, guest } = await invited()
    const other = await somebody()
    expect(await refusalOf(other.v1.post('/v1/join_project', { token }))).toEqual([403, 'email mismatch'])
    await guest.v1.post('/v1/join_project', { token })
    const { items } = await guest.v1.list<Membership>(`/v1/projects/${stage.id}/members`)
    expect(items[0]!.user!.email).toBe(guest.email)
  })

  test('creates one member when it is accepted a hundred times at once', async () => {
    const { token, stage, guest } = await invited()
    await guest.v1.list('/v1/projects')
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () =>
        guest.v1.post('/v1/join_project', { token }).then(
          () => 'joined',
          (error: Error) => error.message,
        ),
      ),
    )
    expect(outcomes.filter((one) => one === 'joined')).toHaveLength(1)
    expect(new Set(outcomes)).toEqual(new Set(['joined', 'invitation gone']))
    const { items } = await guest.v1.list<Membership>(`/v1/projects/${stage.id}/members`)
    expect(items.filter(({ userID }) => userID === guest.id)).toHaveLength(1)
  })

  test('says so when it has expired, was replaced, or leads to a deleted project', async () => {
    const { token, guest, admin, stage } = await invited()
    await admin.post(`/v1/projects/${stage.id}/invite`, { email: guest.email, permissions: [] })
    expect(await refusalOf(guest.v1.post('/v1/join_project', { token }))).toEqual([410, 'invitation gone'])
    const second = /\/invite\/(\S+)/.exec((await inbox.next()).text)![1]!
    await lane.db.updateTable('invitations').set({ expires_at: '2020-01-01T00:00:00Z' }).where('id', '=', idOf(second)).execute()
    expect(await refusalOf(guest.v1.post('/v1/join_project', { token: second }))).toEqual([401, 'invitation expired'])
    const third = await invited()
    await client(cast.people.owner.token).delete(`/v1/projects/${third.stage.id}`)
    expect(await refusalOf(third.guest.v1.post('/v1/join_project', { token: third.token }))).toEqual([
      404,
      'invitation not found',
    ])
    const unknown = invitationToken('019aa000-0000-7000-8000-000000000000')
    expect(await refusalOf(guest.v1.post('/v1/join_project', { token: unknown }))).toEqual([404, 'invitation not found'])
  })

  test('is refused for existing members, and from callers who cannot invite', async () => {
    const { stage, admin } = await invited()
    const { member, viewer } = cast.people
    expect(await refusalOf(admin.post(`/v1/projects/${stage.id}/invite`, { email: member.email }))).toEqual([
      409,
      'member already exists',
    ])
    for (const one of [member, viewer])
      expect(await refusalOf(client(one.token).post(`/v1/projects/${stage.id}/invite`, { email: 'x@example.test' }))).toEqual([
        403,
        needsAdmin,
      ])
  })

  test('can be sent with a project token', async () => {
    const stage = await cast.project(`party-${++n}`)
    const byToken = v1Client(lane.origin, { projectToken: stage.tokens.admin })
    await byToken.post(`/v1/projects/${stage.id}/invite`, { email: 'by-token@example.test', permissions: [] })
    expect((await inbox.next()).to).toEqual(['by-token@example.test'])
  })

  test('stores no secret of itself', async () => {
    const { token } = await invited()
    const { rows } = await lane.db.executeQuery<{ found: boolean }>({
      sql: `select exists (select from invitations i where i::text like $1) or exists (select from graphile_worker._private_jobs j where j::text like $1)
        or exists (select from audit_events a where a::text like $1) as found`,
      parameters: [`%${token.split('.')[1]}%`],
      query: { kind: 'RawNode', sqlFragments: [], parameters: [] },
      queryId: { queryId: 'secret' },
    } as never)
    expect(rows[0]!.found).toBe(false)
  })
})

describe('an invitation whose mail fails', () => {
  type Listed = Pick<Invitation, 'id' | 'email' | 'state' | 'mailFailedAt' | 'mailFailure'>
  const owner = cast.people.orgOwner.token
  const listed = async (email: string) => {
    const { body } = await lane.send<Listed[]>(owner, 'GET /orgs/acme/invitations?limit=200')
    return body.find((invitation) => invitation.email === email)!
  }
  const failed = (email: string) =>
    vi.waitUntil(
      async () => {
        const invitation = await listed(email)
        return invitation.mailFailedAt !== null && invitation
      },
      { timeout: 15_000, interval: 50 },
    )
  const waiting = async () =>
    Number((await sql<{ n: string }>`select count(*) as n from graphile_worker.jobs`.execute(lane.db)).rows[0]!.n)
  const settled = () => vi.waitUntil(async () => (await waiting()) === 0, { timeout: 15_000, interval: 50 })
  const senders = {
    'the Org API': async (email: string) => {
      const answer = await lane.send(owner, 'POST /orgs/acme/invitations', { json: { invitations: [{ email }] } })
      expect(answer).toMatchObject({
        status: 201,
        body: { results: [{ invitation: { mailFailedAt: null, mailFailure: null } }] },
      })
    },
    'the v1 API': async (email: string) => {
      const stage = await cast.project(`unsent-${++n}`)
      await client(cast.people.admin.token).post(`/v1/projects/${stage.id}/invite`, {
        email,
        permissions: null,
        redirectURI: null,
      })
    },
  }
  const address = () => `unsent-${++n}@example.test`

  for (const [dialect, send] of Object.entries(senders)) {
    test.for(['recipient', 'content'] as const)(
      `says so in the list, and is not retried, when the server refuses its %s: sent by ${dialect}`,
      async (at) => {
        const email = address()
        inbox.rejects.set(email, { at, code: 550 })
        await send(email)
        const invitation = await failed(email)
        expect(invitation).toMatchObject({ state: 'pending', mailFailure: `550 not this ${at}` })
        await settled()
        expect(inbox.tries.filter((one) => one === email)).toEqual([email])

        inbox.rejects.delete(email)
        const again = await lane.send(owner, `POST /orgs/acme/invitations/${invitation.id}/resend`)
        expect(again).toMatchObject({ status: 200, body: { mailFailedAt: null, mailFailure: null } })
        expect((await inbox.next()).to).toEqual([email])
        await settled()
        expect(await listed(email)).toMatchObject({ mailFailedAt: null, mailFailure: null })
      },
    )
  }

  test('says so after the last of its tries when the server never takes it', async () => {
    const email = address()
    inbox.rejects.set(email, { at: 'recipient', code: 451 })
    await senders['the Org API'](email)
    const tries = () => inbox.tries.filter((one) => one === email).length
    const tried = (times: number) => vi.waitUntil(() => tries() === times, { timeout: 15_000, interval: 20 })
    await tried(1)
    const job = sql`update graphile_worker._private_jobs set attempts = 11, run_at = now() where locked_at is null`
    await vi.waitUntil(async () => ((await job.execute(lane.db)).numAffectedRows ?? 0n) > 0n, { timeout: 15_000, interval: 20 })
    expect(await listed(email)).toMatchObject({ mailFailedAt: null })
    expect(await failed(email)).toMatchObject({ state: 'pending', mailFailure: '451 not this recipient' })
    expect(tries()).toBe(2)
    await sql`delete from graphile_worker._private_jobs`.execute(lane.db)
  })

  test.for([
    ["a&b/c=d#e!f*g'h@example.test", "a&b/c=d#e!f*g'h@example.test"],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ] as const)('does not fail for an unusual address: %s', async ([given, to]) => {
    await senders['the Org API'](given)
    // The mail server shows a domain in its own script again.
    expect((await inbox.next()).to).toEqual([given])
    await settled()
    expect(await listed(to)).toMatchObject({ state: 'pending', mailFailedAt: null })
  })
})
