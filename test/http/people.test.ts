import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { InvitedPeople, OpenInvitation } from '#contract/organizations/invitations'
import { type Cast, createCast, ownersPassword } from '../support/world/cast.ts'
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
