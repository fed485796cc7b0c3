import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cast, type Stage, createCast, ownersPassword } from '../support/world/cast.ts'
import type { Who } from '../support/http/client.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { type Jar, cookieOf, trySignIn } from '../support/http/sign-in.ts'

let lane: Lane
let cast: Cast
let stage: Stage
let session: Who
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  stage = await cast.project('times')
  const jar: Jar = new Map()
  await trySignIn(lane.origin, jar, cast.people.orgOwner.email, ownersPassword)
  session = { cookie: cookieOf(jar), 'sec-fetch-site': 'same-origin' }
})
afterAll(() => lane.stop())

type Answer = { id: string; userId: string; error: string; expiresAt: string | null; details?: { path: string }[] }

const project = () => `/orgs/acme/projects/${stage.slug}`
const ownerOf = () => stage.tokens.owner
const send = (who: Who, name: string, json: object) => lane.send<Answer>(who, name, { json })
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
const PAST = '2020-01-01T00:00:00Z'

describe('what would end before it begins is refused', () => {
  const creations: [string, () => string, (expiresAt: string) => object, string, (() => Who)?][] = [
    ['a project token', () => `POST ${project()}/tokens`, (expiresAt) => ({ name: 'x', expiresAt }), 'expiresAt'],
    [
      'a personal token',
      () => 'POST /orgs/acme/personal-tokens',
      (expiresAt) => ({ name: 'x', expiresAt }),
      'expiresAt',
      () => session,
    ],
    [
      'a membership',
      () => `POST ${project()}/members`,
      (expiresAt) => ({ userId: cast.people.newcomer.id, expiresAt }),
      'expiresAt',
    ],
    [
      'an invitation to a project',
      () => 'POST /orgs/acme/invitations',
      (expiresAt) => ({ invitations: [{ email: 'soon@acme.example', projects: [{ slug: stage.slug, expiresAt }] }] }),
      'invitations.0.projects.0.expiresAt',
      () => cast.people.orgOwner.token,
    ],
  ]
  test.for(creations)('%s', async ([, name, body, path, who = ownerOf]) => {
    for (const end of [PAST, inSeconds(-60)]) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await send(who(), name(), body(end))
      expect([answer.status, answer.body.error, answer.body.details?.[0]?.path]).toEqual([
        400,
        `${path} must be in the future`,
        path,
      ])
    }
    const later = await send(who(), name(), body(inSeconds(3600)))
    expect([200, 201]).toContain(later.status)
  })

  test('a membership in a bulk change', async () => {
    const changes = [{ action: 'add', projectId: stage.id, userId: cast.people.orgMember.id, expiresAt: PAST }]
    const { body } = await lane.send<{ outcomes: object[] }>(cast.people.orgOwner.token, 'POST /orgs/acme/member-changes', {
      json: { changes },
    })
    expect(body.outcomes).toMatchObject([{ done: false, error: 'expiresAt must be in the future' }])
  })

  test('by a later change too, while an end after the creation ends it now', async () => {
    const { body: token } = await send(ownerOf(), `POST ${project()}/tokens`, { name: 'changing' })
    const member = `${project()}/members/${cast.people.viewer.id}`
    for (const path of [`${project()}/tokens/${token.id}`, member]) {
      // oxlint-disable-next-line no-await-in-loop
      const refused = await send(ownerOf(), `PATCH ${path}`, { expiresAt: PAST })
      expect([refused.status, refused.body.error, refused.body.details?.[0]?.path]).toEqual([
        400,
        expect.stringMatching(/^expiresAt must be after 20.*Z, when it was created$/),
        'expiresAt',
      ])
      // oxlint-disable-next-line no-await-in-loop
      expect((await send(ownerOf(), `PATCH ${path}`, { expiresAt: inSeconds(0) })).status).toBe(200)
    }
  })
})
