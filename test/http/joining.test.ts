import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cast, createCast, personalToken } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'

let lane: Lane
let cast: Cast
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
})
afterAll(() => lane.stop())

test('lets a token bound to one organization join no other in either API, and an unbound token join any', async () => {
  const { stranger, people } = cast
  const invited = await lane.send<{ results: { invitation: { link: string } }[] }>(
    people.orgOwner.token,
    'POST /orgs/acme/invitations',
    { json: { invitations: [{ email: stranger.email }] } },
  )
  const token = invited.body.results[0]!.invitation.link.split('/').at(-1)!
  const accept = (as: string) => lane.send(as, `POST /invitations/${token}/accept`)
  expect(refusalOf(await accept(stranger.token))).toBe('403 forbidden')
  expect(await lane.send(stranger.token, 'POST /v1/join_project', { json: { token } })).toMatchObject({ status: 403 })
  const joined = lane.db.selectFrom('organization_members').select('user_id').where('user_id', '=', stranger.id)
  expect(await joined.execute()).toHaveLength(1)
  expect(await accept(await personalToken(lane.db, stranger, null))).toMatchObject({ status: 200 })
  expect(await joined.execute()).toHaveLength(2)
})

test('lets a bound token join further projects of its own organization', async () => {
  const { slug } = await cast.project('further')
  const { newcomer, orgOwner } = cast.people
  const { body } = await lane.send<{ id: string }>(orgOwner.token, `GET /orgs/acme/projects/${slug}`)
  const invite = await lane.send(orgOwner.token, `POST /v1/projects/${body.id}/invite`, { json: { email: newcomer.email } })
  expect(invite.status, invite.text).toBe(204)
  const { id } = await lane.db
    .selectFrom('invitations')
    .select('id')
    .where('email', '=', newcomer.email)
    .executeTakeFirstOrThrow()
  const { invitationToken } = await import('#domain/organizations/invitations')
  const answer = await lane.send(newcomer.token, 'POST /v1/join_project', { json: { token: invitationToken(id) } })
  expect(answer.status, answer.text).toBe(204)
})
