import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ReviewedPerson, RiskCounts } from '#contract/review/people-review'
import { riskMarks } from '#contract/words'
import { type Cast, createCast } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'

let lane: Lane
let cast: Cast
let owner: string
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  owner = cast.people.orgOwner.token
  for (const slug of ['alpha', 'beta', 'gamma', 'delta']) await cast.project(slug)
  const { newcomer, guest } = cast.people
  await lane.db.deleteFrom('sessions').where('user_id', '=', newcomer.id).execute()
  await lane.db.updateTable('users').set({ last_signed_in_at: null }).where('id', '=', newcomer.id).execute()
  await lane.db.updateTable('personal_tokens').set({ last_used_at: null }).where('user_id', '=', newcomer.id).execute()
  const old = '2020-01-01T00:00:00Z'
  await lane.db.updateTable('users').set({ last_signed_in_at: old }).where('id', '=', guest.id).execute()
  await lane.db.updateTable('sessions').set({ last_seen_at: old }).where('user_id', '=', guest.id).execute()
  await lane.db
    .updateTable('personal_tokens')
    .set({ expires_at: '2099-01-01T00:00:00Z' })
    .where('user_id', '=', guest.id)
    .execute()
})
afterAll(() => lane.stop())

const at = '/orgs/acme/access-review/people'
const list = async (query = '', as = owner) => {
  const answer = await lane.send<ReviewedPerson[]>(as, `GET ${at}?${query}`)
  expect(answer.status, answer.text).toBe(200)
  return answer
}
const one = async ({ email }: { email: string }) =>
  (await list(`q=${encodeURIComponent(email)}`)).body.find((person) => person.email === email)!
const mark = (id: string, fingerprint: string, as = owner) => lane.send(as, `PUT ${at}/${id}`, { json: { fingerprint } })

describe('people by risk', () => {
  test('are for callers who manage people, in their own organization', async () => {
    for (const path of [at, `${at}/export`, '/orgs/acme/access-review/risks']) {
      expect(await lane.send(cast.people.orgAdmin.token, `GET ${path}`)).toMatchObject({ status: 200 })
      for (const { token } of [cast.people.orgMember, cast.people.owner])
        expect(refusalOf(await lane.send(token, `GET ${path}`))).toBe('403 forbidden')
      expect(refusalOf(await lane.send(cast.stranger.token, `GET ${path}`))).toBe('404 organization_not_found')
    }
    expect((await lane.send<ReviewedPerson[]>(cast.stranger.token, 'GET /orgs/other/access-review/people')).body).toHaveLength(1)
  })

  test('carry their marks, and come with the heaviest first, page by page and whole', async () => {
    expect((await one(cast.people.orgOwner)).marks).toEqual(expect.arrayContaining(['everything', 'no-second-factor']))
    expect((await one(cast.people.newcomer)).marks).toEqual(['never-signed-in', 'no-expiry'])
    expect((await one(cast.people.guest)).marks).toEqual(['not-seen'])
    expect((await list(`days=3650&q=${cast.people.guest.email}`)).body[0]!.marks).toEqual([])
    const whole = (await list('limit=200')).body
    expect(whole.map(({ role }) => role).findLastIndex((role) => role === 'owner' || role === 'admin')).toBe(
      whole.filter(({ role }) => role === 'owner' || role === 'admin').length - 1,
    )
    const pages: ReviewedPerson[] = []
    let next: string | undefined = `${at}?limit=3`
    while (next) {
      const answer: Awaited<ReturnType<typeof list>> = await lane.send<ReviewedPerson[]>(owner, `GET ${next}`)
      pages.push(...answer.body)
      next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
    }
    expect(pages).toEqual(whole)
    expect(refusalOf(await lane.send(owner, `GET ${at}?cursor=x`))).toBe('400 invalid_request')
    expect(refusalOf(await lane.send(owner, `GET ${at}?mark=ugly`))).toBe('400 invalid_request')
  })

  test('are counted by mark as the filter finds them', async () => {
    const { body } = await lane.send<RiskCounts>(owner, 'GET /orgs/acme/access-review/risks')
    expect(body.people).toBe((await list('limit=200')).body.length)
    for (const name of riskMarks) expect((await list(`mark=${name}&limit=200`)).body, name).toHaveLength(body.marks[name])
  })

  test('are found by parts of names as they are', async () => {
    for (const q of ['%25', '_', '%5C', 'no such person']) expect((await list(`q=${q}`)).body).toEqual([])
    expect(refusalOf(await lane.send(owner, `GET ${at}?q=${'x'.repeat(10_000)}`))).toMatch(/^4/)
  })

  test('show their first memberships and how many there are, without those of other organizations', async () => {
    const person = await one(cast.people.admin)
    expect(person).toMatchObject({
      memberships: 4,
      grants: [{ role: 'admin', envName: null, cells: null, expiresAt: null }, {}, {}],
    })
    expect((await one(cast.people.cellAdmin)).grants[0]).toMatchObject({ cells: 1 })
    expect((await one(cast.people.envAdmin)).grants[0]).toMatchObject({ envName: 'staging' })
    const theirs = await cast.elsewhere.project('elsewhere')
    await lane.db
      .insertInto('project_members')
      .values({ id: theirs.id, project_id: theirs.id, user_id: cast.people.admin.id, role: 'owner' })
      .execute()
    expect(await one(cast.people.admin)).toEqual(person)
  })
})

describe('a review', () => {
  test('is kept with its time and its reviewer, and writes one event', async () => {
    const before = await one(cast.people.viewer)
    expect(before).toMatchObject({ state: 'never', reviewedAt: null, reviewedBy: null })
    const marked = await mark(before.userId, before.fingerprint, cast.people.orgAdmin.token)
    expect(marked).toMatchObject({ status: 200, body: { state: 'reviewed', reviewedBy: cast.people.orgAdmin.name } })
    expect(await one(cast.people.viewer)).toEqual(marked.body)
    expect((await list('state=reviewed')).body.map(({ userId }) => userId)).toEqual([before.userId])
    const events = await lane.send<unknown[]>(
      owner,
      `GET /orgs/acme/audit-events?action=organization.member-reviewed&target=${before.userId}`,
    )
    expect(events.body).toHaveLength(1)
  })

  test('says “changed” after every change of what was reviewed, and not after a use of it', async () => {
    const { member } = cast.people
    const review = async () => {
      const { userId, fingerprint } = await one(member)
      expect(await mark(userId, fingerprint)).toMatchObject({ status: 200, body: { state: 'reviewed' } })
    }
    const at = `/orgs/acme/projects/beta/members/${member.id}`
    const changes = {
      role: () => lane.send(owner, `PATCH ${at}`, { json: { role: 'viewer' } }),
      cells: () => lane.send(owner, `PUT ${at}/cell-scopes`, { json: { cellScopes: ['eu'] } }),
      'the role in the organization': () =>
        lane.send(owner, `PATCH /orgs/acme/members/${member.id}`, { json: { role: 'viewer' } }),
      removal: () => lane.send(owner, `DELETE ${at}`),
      'a new membership': () =>
        lane.send(owner, 'POST /orgs/acme/projects/beta/members', { json: { userId: member.id, role: 'viewer' } }),
      'the end of a project': () => lane.send(owner, 'DELETE /orgs/acme/projects/delta'),
    }
    await review()
    await lane.send(member.token, 'GET /orgs/acme/projects')
    expect(await one(member)).toMatchObject({ state: 'reviewed' })
    for (const [what, change] of Object.entries(changes)) {
      const answer = await change()
      expect(answer.status, `${what}: ${answer.text}`).toBeLessThan(300)
      expect((await one(member)).state, what).toBe('changed')
      expect((await list('state=changed')).body.map(({ userId }) => userId)).toContain(member.id)
      await review()
    }
  })

  test('is refused for what has changed meanwhile, for a stranger and by a member', async () => {
    const { userId, fingerprint } = await one(cast.people.guest)
    await lane.send(owner, `PATCH /orgs/acme/projects/beta/members/${userId}`, { json: { role: 'member' } })
    expect(refusalOf(await mark(userId, fingerprint))).toBe('409 access_changed')
    expect(await one(cast.people.guest)).toMatchObject({ state: 'never' })
    expect(refusalOf(await mark(cast.stranger.id, fingerprint))).toBe('404 member_not_found')
    expect(refusalOf(await mark(userId, fingerprint, cast.people.orgMember.token))).toBe('403 forbidden')
    expect(refusalOf(await mark(userId, 'x'.repeat(101)))).toBe('400 invalid_request')
    expect(
      refusalOf(
        await lane.send(cast.stranger.token, `PUT /orgs/other/access-review/people/${userId}`, { json: { fingerprint } }),
      ),
    ).toBe('404 member_not_found')
  })

  test('is forgotten when the person leaves, and may be made by two at once', async () => {
    const person = await cast.world.person()
    const { fingerprint } = await one(person)
    const answers = await Promise.all([mark(person.id, fingerprint), mark(person.id, fingerprint, cast.people.orgAdmin.token)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    await lane.send(owner, `DELETE /orgs/acme/members/${person.id}`)
    expect(await lane.db.selectFrom('access_reviews').select('user_id').where('user_id', '=', person.id).execute()).toEqual([])
  })

  test('is part of the export', async () => {
    const { text } = await lane.send(owner, `GET ${at}/export?format=csv&state=reviewed`)
    const [head, ...lines] = text.trimEnd().split('\r\n')
    expect(head).toBe('name,email,role,marks,memberships,lastSeenAt,createdAt,state,reviewedAt,reviewedBy,userId')
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(line).toContain(',reviewed,2')
    const { text: all } = await lane.send(owner, `GET ${at}/export`)
    expect(
      all
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual((await list('limit=200')).body)
  })
})
