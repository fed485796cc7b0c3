import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { InvitedPeople, OpenInvitation } from '#contract/organizations/invitations'
import type { RemovalPreview, RemovedOrganizationMember } from '#contract/organizations/organizations'
import { newId } from '#domain/ids'
import { type Cast, createCast, ownersPassword, personalToken } from '../support/world/cast.ts'
import type { Who } from '../support/http/client.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { browser } from '../support/http/session.ts'

let lane: Lane
let cast: Cast
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
})
afterAll(() => lane.stop())

let n = 0
/** Creates an invitation as the organization's owner. Answers its token as the link carries it. */
async function invited(given: object = {}) {
  const email = `guest-${++n}@elsewhere.test`
  const { status, body } = await lane.send<InvitedPeople>(cast.people.orgOwner.token, 'POST /orgs/acme/invitations', {
    json: { invitations: [{ email, ...given }] },
  })
  expect(status).toBe(201)
  const { id, link } = body.results[0]!.invitation!
  return { id, email, link: link!, token: link!.split('/').at(-1)! }
}
const invitation = (org_id: string) => ({
  id: newId(),
  org_id,
  role: 'member' as const,
  to_organization: true,
  expires_at: '2099-01-01T00:00:00Z',
})
const account = { name: 'New', password: 'correct horse battery' }

describe('people of an organization over HTTP', () => {
  test('refuses a removed person on their very next request, by token and by session', async () => {
    const leaver = await cast.world.person()
    const cookie = await browser(leaver.credentialId)
    expect(await lane.send(cookie, 'GET /orgs/acme')).toMatchObject({ status: 200 })
    const removed = await lane.send(cast.people.orgAdmin.token, `DELETE /orgs/acme/members/${leaver.id}`)
    expect(removed).toMatchObject({ status: 200, body: { userId: leaver.id, removed: true } })
    expect(await lane.send(cookie, 'GET /orgs/acme')).toMatchObject({ status: 404, body: { code: 'organization_not_found' } })
  })

  test('lists the open invitations to one address alone, in any case', async () => {
    const { email } = await invited()
    await invited()
    const to = async (address: string) =>
      (
        await lane.send<{ email: string }[]>(
          cast.people.orgOwner.token,
          `GET /orgs/acme/invitations?email=${encodeURIComponent(address)}`,
        )
      ).body
    expect((await to(email.toUpperCase())).map((one) => one.email)).toEqual([email])
    for (const address of ['nobody@elsewhere.test', '%', 'no address']) expect(await to(address)).toEqual([])
  })

  test('enforces roles, and keeps the last owner', async () => {
    const { orgAdmin, orgMember, orgOwner } = cast.people
    const path = (id: string) => `PATCH /orgs/acme/members/${id}`
    const json = { role: 'viewer' }
    expect(await lane.send(orgMember.token, path(orgAdmin.id), { json })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
    expect(await lane.send(orgAdmin.token, path(orgOwner.id), { json })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
    const person = await cast.world.person()
    expect(await lane.send(orgAdmin.token, path(person.id), { json })).toMatchObject({ status: 200, body: json })
    const other = cast.stranger
    expect(await lane.send(other.token, `DELETE /orgs/other/members/${other.id}`)).toMatchObject({
      status: 409,
      body: { code: 'last_owner' },
    })
    expect(await lane.send(orgAdmin.token, 'PATCH /orgs/acme', { json: { name: 'Acme' } })).toMatchObject({ status: 200 })
    expect(await lane.send(orgMember.token, 'PATCH /orgs/acme', { json: { name: 'Mine' } })).toMatchObject({ status: 403 })
  })
})

describe('the end of everything that a person has', () => {
  const preview = (as: string, id: string) => lane.send<RemovalPreview>(as, `GET /orgs/acme/members/${id}/removal-preview`)
  const remove = (as: Who, id: string, options: { json?: unknown } = {}) =>
    lane.send<RemovedOrganizationMember>(as, `DELETE /orgs/acme/members/${id}?revoke=tokens,webhooks`, options)

  /** A person with something of every kind in one project of their own. */
  async function settled() {
    const slug = `settled-${++n}`
    await cast.project(slug)
    const person = await cast.world.person('admin')
    const token = await personalToken(lane.db, person, null)
    const add = { json: { userId: person.id, role: 'admin' } }
    expect(await lane.send(cast.people.orgOwner.token, `POST /orgs/acme/projects/${slug}/members`, add)).toMatchObject({
      status: 201,
    })
    for (const role of ['viewer', 'admin'])
      expect(await lane.send(token, `POST /acme/${slug}/tokens`, { json: { name: role, role } })).toMatchObject({ status: 201 })
    const hook = { json: { url: `https://${slug}.example.com/`, projects: [slug] } }
    expect(await lane.send(token, 'POST /orgs/acme/webhooks', hook)).toMatchObject({ status: 201 })
    await personalToken(lane.db, person, cast.world.org.id)
    return { ...person, slug, token }
  }

  test('is counted beforehand, happens as counted, and says why', async () => {
    const { id, email, slug } = await settled()
    const by = cast.people.orgOwner.token
    await lane.db
      .insertInto('invitations')
      .values({ ...invitation(cast.world.org.id), email })
      .execute()
    const counted = await preview(by, id)
    expect(counted).toMatchObject({
      status: 200,
      body: {
        userId: id,
        projects: 1,
        personalTokens: 1,
        invitations: 1,
        tokens: 2,
        tokensThatStay: 0,
        webhooks: 1,
        lastOwner: { organization: false, projects: [], moreProjects: 0 },
      },
    })
    const removed = await remove(by, id, { json: { reason: 'Left the company' } })
    expect(removed).toMatchObject({
      status: 200,
      body: { projects: 1, personalTokens: 1, revoked: { tokens: 2, webhooks: 1 } },
    })
    expect(await preview(by, id)).toMatchObject({ status: 404, body: { code: 'member_not_found' } })
    expect(await lane.send(by, `GET /orgs/acme/members/${id}`)).toMatchObject({ status: 404, body: { code: 'member_not_found' } })
    const tokens = await lane.send<{ name: string }[]>(by, `GET /acme/${slug}/tokens`)
    expect(tokens.body.map(({ name }) => name)).not.toContain('admin')
    const events = await lane.send(by, `GET /orgs/acme/audit-events?action=organization.member-removed&target=${id}`)
    expect(events.body).toMatchObject([{ before: { role: 'admin' }, after: { reason: 'Left the company' } }])
    const ofProject = await lane.send(by, `GET /acme/${slug}/audit-events?action=member.removed&target=${id}`)
    expect(ofProject.body).toMatchObject([{ before: { role: 'admin', userId: id } }])
  })

  test('refuses a reason of 501 characters, and one with a line break', async () => {
    const { id } = await cast.world.person()
    for (const reason of ['x'.repeat(501), 'two\nlines'])
      expect(await remove(cast.people.orgOwner.token, id, { json: { reason } })).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', details: expect.arrayContaining([expect.objectContaining({ path: 'reason' })]) },
      })
    expect(await remove(cast.people.orgOwner.token, id, { json: { reason: '🚢'.repeat(250) } })).toMatchObject({ status: 200 })
  })

  test('names every project that would be left without an owner, and ends nothing', async () => {
    const by = cast.people.orgOwner.token
    const owner = await settled()
    const alone = await Promise.all([`alone-a-${n}`, `alone-b-${n}`].map((slug) => cast.world.project(slug)))
    for (const project of alone)
      await lane.db
        .updateTable('project_members')
        .set({ user_id: owner.id })
        .where('project_id', '=', project.id)
        .where('role', '=', 'owner')
        .execute()
    const slugs = alone.map(({ slug }) => slug)
    const counted = await preview(by, owner.id)
    expect(counted.body.lastOwner).toMatchObject({ organization: false, moreProjects: 0 })
    expect(counted.body.lastOwner.projects.map(({ slug }) => slug).toSorted()).toEqual(slugs.toSorted())
    const refused = await remove(by, owner.id)
    expect(refused).toMatchObject({ status: 409, body: { code: 'last_owner' } })
    for (const slug of slugs) expect(refused.text).toContain(slug)
    expect((await preview(by, owner.id)).body).toEqual(counted.body)
  })

  test('counts only what the caller may revoke, and the person’s own view of it', async () => {
    const { id, slug, token } = await settled()
    await lane.db
      .updateTable('project_tokens')
      .set({ role: 'owner' })
      .where('name', '=', 'admin')
      .where('made_by', '=', id)
      .execute()
    expect((await preview(cast.people.orgAdmin.token, id)).body).toMatchObject({ tokens: 1, tokensThatStay: 1, webhooks: 1 })
    expect((await preview(token, id)).body).toMatchObject({ tokens: 1, tokensThatStay: 1 })
    expect(await preview(cast.people.orgMember.token, id)).toMatchObject({ status: 403 })
    expect(await preview(cast.stranger.token, id)).toMatchObject({ status: 404 })
    expect(await lane.send(cast.stranger.token, `GET /orgs/other/members/${id}`)).toMatchObject({ status: 404 })
    expect(await remove(cast.people.orgAdmin.token, id)).toMatchObject({
      status: 200,
      body: { revoked: { tokens: 1, webhooks: 1 } },
    })
    const left = await lane.send<{ name: string }[]>(cast.people.orgOwner.token, `GET /acme/${slug}/tokens`)
    expect(left.body.map(({ name }) => name)).toContain('admin')
  })

  test('happens once when two ask for it at the same time', async () => {
    const { id } = await settled()
    const answers = await Promise.all([remove(cast.people.orgOwner.token, id), remove(cast.people.orgAdmin.token, id)])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404])
    const events = await lane.send<unknown[]>(
      cast.people.orgOwner.token,
      `GET /orgs/acme/audit-events?action=organization.member-removed&target=${id}`,
    )
    expect(events.body).toHaveLength(1)
  })

  test('leaves nobody half removed while they are made an owner', async () => {
    const { id, slug } = await settled()
    const by = cast.people.orgOwner.token
    const answers = await Promise.all([
      lane.send(by, `PATCH /orgs/acme/projects/${slug}/members/${id}`, { json: { role: 'owner' } }),
      remove(by, id),
      lane.send(by, `PATCH /orgs/acme/members/${id}`, { json: { role: 'owner' } }),
    ])
    expect(answers[1]).toMatchObject({ status: 200 })
    for (const { status } of [answers[0], answers[2]]) expect([200, 404]).toContain(status)
    const left = await lane.db.selectFrom('project_members').select('id').where('user_id', '=', id).execute()
    const member = await lane.db.selectFrom('organization_members').select('role').where('user_id', '=', id).execute()
    expect([left, member]).toEqual([[], []])
  })
})

describe('invitations over HTTP', () => {
  test('answers 207 with a reason for each refused row when some are created', async () => {
    const json = { invitations: [{ email: 'good@elsewhere.test' }, { email: 'bad' }] }
    const { status, body } = await lane.send<InvitedPeople>(cast.people.orgAdmin.token, 'POST /orgs/acme/invitations', { json })
    expect(status).toBe(207)
    expect(body.results.map(({ error }) => error?.code ?? null)).toEqual([null, 'invalid_email'])
    expect(body.results[0]!.invitation!.link).toMatch(new RegExp(`^${lane.origin}/invite/`))
  })

  test('lets a new person open the link, enter their name and join, and uses the link up', async () => {
    const { token, email } = await invited()
    const opened = await lane.send<OpenInvitation>(null, `GET /invitations/${token}`)
    expect(opened).toMatchObject({ status: 200, body: { email, signedInAs: null } })
    expect(await lane.send(null, `POST /invitations/${token}/accept`, { json: account })).toMatchObject({
      status: 200,
      body: { email },
    })
    for (const request of [`GET /invitations/${token}`, `POST /invitations/${token}/accept`])
      expect(await lane.send(null, request, request.startsWith('POST') ? { json: account } : {})).toMatchObject({
        status: 410,
        body: { code: 'invitation_gone' },
      })
  })

  test('neither takes over nor signs in to an existing account', async () => {
    const { token } = await invited()
    await lane.db.updateTable('invitations').set({ email: cast.stranger.email }).where('email', 'like', `guest-${n}@%`).execute()
    const json = { name: 'Mallory', password: ownersPassword }
    expect(await lane.send(null, `POST /invitations/${token}/accept`, { json })).toMatchObject({
      status: 409,
      body: { code: 'email_taken' },
    })
    expect(await lane.send(null, `POST /invitations/${token}/accept`)).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    })
    const outsider = cast.people.newcomer
    expect(await lane.send(outsider.token, `POST /invitations/${token}/accept`)).toMatchObject({
      status: 403,
      body: { code: 'email_mismatch' },
    })
    expect(await lane.send(cast.stranger.token, `GET /invitations/${token}`)).toMatchObject({
      body: { signedInAs: cast.stranger.email },
    })
  })

  test('refuses a wrong token sent beside it, and treats an ended session as signed out', async () => {
    const { token } = await invited()
    expect(await lane.send('bhu_wrong', `POST /invitations/${token}/accept`, { json: account })).toMatchObject({ status: 401 })
    const over = await browser('019aa000-0000-7000-8000-000000000000')
    expect(await lane.send(over, `POST /invitations/${token}/accept`, { json: account })).toMatchObject({ status: 200 })
  })

  test('answers 401 when expired, 404 when forged or unknown, 410 when revoked', async () => {
    const { token, id } = await invited()
    const open = () => lane.send(null, `GET /invitations/${token}`)
    await lane.db.updateTable('invitations').set({ expires_at: '2020-01-01T00:00:00Z' }).where('id', '=', id).execute()
    expect(await open()).toMatchObject({ status: 401, body: { code: 'invitation_expired' } })
    await lane.send(cast.people.orgAdmin.token, `POST /orgs/acme/invitations/${id}/resend`)
    expect(await open()).toMatchObject({ status: 200 })
    await lane.send(cast.people.orgAdmin.token, `DELETE /orgs/acme/invitations/${id}`)
    expect(await open()).toMatchObject({ status: 410, body: { code: 'invitation_gone' } })
    expect(await lane.send(null, `GET /invitations/${token}x`)).toMatchObject({
      status: 404,
      body: { code: 'invitation_not_found' },
    })
    expect(await lane.send(cast.stranger.token, `DELETE /orgs/other/invitations/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'invitation_not_found' },
    })
  })

  test('refuses invitations by a project admin without an organization role', async () => {
    await cast.project('no-org-admin')
    const json = { invitations: [{ email: 'x@elsewhere.test' }] }
    for (const { token } of [cast.people.owner, cast.people.admin, cast.people.orgMember])
      expect(await lane.send(token, 'POST /orgs/acme/invitations', { json })).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      })
  })
})
