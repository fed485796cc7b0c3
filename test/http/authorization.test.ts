import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cast, type Stage, createCast, personalToken } from '../support/world/cast.ts'
import type { Who } from '../support/http/client.ts'
import { digest } from '../support/http/digest.ts'
import { type Lane, startLane } from '../support/http/lane.ts'

let lane: Lane
let cast: Cast
let beta: Stage
let theirs: string
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  beta = await cast.project('beta')
  theirs = (await cast.elsewhere.token(await cast.elsewhere.project('theirs'), { role: 'owner' })).text
})
afterAll(() => lane.stop())

/** Callers, in the order of the columns below. */
const subjects: Record<string, (stage: Stage) => Who> = {
  anonymous: () => null,
  stranger: () => cast.stranger.token,
  'organization member without project': () => cast.people.orgMember.token,
  viewer: () => cast.people.viewer.token,
  member: () => cast.people.member.token,
  admin: () => cast.people.admin.token,
  owner: () => cast.people.owner.token,
  'organization admin': () => cast.people.orgAdmin.token,
  'organization owner': () => cast.people.orgOwner.token,
  'admin of one environment': () => cast.people.envAdmin.token,
  'admin of one cell': () => cast.people.cellAdmin.token,
  'viewer token': (stage) => stage.tokens.viewer,
  'member token': (stage) => stage.tokens.member,
  'admin token': (stage) => stage.tokens.admin,
  'owner token': (stage) => stage.tokens.owner,
  'owner token, read only': (stage) => stage.tokens.readOnly,
  'token of another project': () => beta.tokens.owner,
  'token of another organization': () => theirs,
}

const table = `
                                               nobody  outsiders  viewer … owner    org      scoped   tokens viewer … owner  read  others
GET    /orgs/acme/projects                        401  404 200    200 200 200 200   200 200  200 200  200 200 200 200        200   200 404
POST   /orgs/acme/projects                        401  404 403    403 403 403 403   201 201  403 403  403 403 403 403        403   403 404
POST   /orgs/acme/sample-project                  401  404 403    403 403 403 403   201 201  403 403  403 403 403 403        403   403 404
PATCH  /orgs/acme                                 401  404 403    403 403 403 403   200 200  403 403  403 403 403 403        403   403 404
GET    /orgs/acme/members                         401  404 200    200 200 200 200   200 200  200 200  403 403 403 403        403   403 404
PATCH  /orgs/acme/members/{u}                     401  404 403    403 403 403 403   200 200  403 403  403 403 403 403        403   403 404
GET    /orgs/acme/invitations                     401  404 403    403 403 403 403   200 200  403 403  403 403 403 403        403   403 404
POST   /orgs/acme/invitations                     401  404 403    403 403 403 403   201 201  403 403  403 403 403 403        403   403 404
GET    /orgs/acme/projects/{p}                    401  404 404    200 200 200 200   200 200  200 200  200 200 200 200        200   404 404
PUT    /orgs/acme/projects/{p}                    401  404 404    403 403 200 200   200 200  403 403  403 403 200 200        403   404 404
DELETE /orgs/acme/projects/{p}                    401  404 404    403 403 200 200   200 200  403 403  403 403 200 200        403   404 404
GET    /orgs/acme/projects/{p}/members            401  404 404    200 200 200 200   200 200  200 200  200 200 200 200        200   404 404
POST   /orgs/acme/projects/{p}/members            401  404 404    403 403 201 201   201 201  403 403  403 403 201 201        403   404 404
DELETE /orgs/acme/projects/{p}/members/{u}        401  404 404    403 403 200 200   200 200  403 403  403 403 200 200        403   404 404
PUT    /orgs/acme/projects/{p}/members/{u}/cell-scopes 401 404 404 403 403 200 200  200 200  403 403  403 403 200 200        403   404 404
DELETE /acme/{p}/nuke                             401  403 403    403 403 200 200   200 200  403 403  403 403 200 200        403   403 403
DELETE /acme/nowhere/nuke                         401  403 403    403 403 403 403   403 403  403 403  403 403 403 403        403   403 403
DELETE /nobody/{p}/nuke                           401  403 403    403 403 403 403   403 403  403 403  403 403 403 403        403   403 403
DELETE /other/theirs/nuke                         401  200 403    403 403 403 403   403 403  403 403  403 403 403 403        403   403 200
GET    /acme/{p}/nuke/preview                     401  404 404    403 403 200 200   200 200  403 403  403 403 200 200        200   404 404
GET    /acme/{p}/tokens                           401  404 404    403 403 200 200   200 200  403 403  403 403 200 200        200   404 404
POST   /acme/{p}/tokens                           401  404 404    403 403 201 201   201 201  403 403  403 403 201 201        403   404 404
GET    /acme/{p}/environments                     401  404 404    200 200 200 200   200 200  200 200  200 200 200 200        200   404 404
POST   /acme/{p}/environments                     401  404 404    403 403 201 201   201 201  403 403  403 403 201 201        403   404 404
GET    /acme/{p}/envs/default/entities            401  404 404    200 200 200 200   200 200  404 200  200 200 200 200        200   404 404
POST   /acme/{p}/envs/default/entities            401  404 404    403 201 201 201   201 201  403 403  403 201 201 201        403   404 404
`
const rows = [...table.matchAll(/^([A-Z]+) +(\S+) +(\d[\d ]+)$/gm)].map(([, method, path, statuses]) => ({
  request: `${method} ${path}`,
  statuses: statuses!.split(/ +/).map(Number),
}))

const bodies: Record<string, () => unknown> = {
  'PATCH /orgs/acme': () => ({ name: unique('Acme') }),
  'PATCH /orgs/acme/members/{u}': () => ({ role: 'viewer' }),
  'POST /orgs/acme/invitations': () => ({ invitations: [{ email: `${unique('guest')}@elsewhere.test` }] }),
  'POST /orgs/acme/projects': () => ({ name: 'New', slug: unique('new') }),
  'PUT /orgs/acme/projects/{p}': () => ({ name: 'Renamed' }),
  'POST /orgs/acme/projects/{p}/members': () => ({ userId: cast.people.newcomer.id }),
  'PUT /orgs/acme/projects/{p}/members/{u}/cell-scopes': () => ({ cellScopes: ['eu'] }),
  'POST /acme/{p}/tokens': () => ({ name: 'ci', role: 'viewer' }),
  'POST /acme/{p}/environments': () => ({ name: unique('env') }),
  'POST /acme/{p}/envs/default/entities': () => ({ entityType: 'server', name: unique('web') }),
}

let counter = 0
const unique = (stem: string) => `${stem}-${++counter}`

async function stage(): Promise<Stage> {
  const made = await cast.project(unique('alpha'))
  const type = { name: 'server', states: ['active'], initialState: 'active' }
  expect(await lane.send(made.tokens.owner, `POST /acme/${made.slug}/entity-types`, { json: type })).toMatchObject({
    status: 201,
  })
  return made
}

test.for(rows)(
  '$request answers each caller as the table says, and a refused call changes nothing',
  async ({ request, statuses }) => {
    const expected = Object.fromEntries(Object.keys(subjects).map((subject, i) => [subject, statuses[i]!]))
    expect(statuses).toHaveLength(Object.keys(subjects).length)
    const answers: Record<string, number> = {}
    async function ask(subject: string, on: Stage) {
      const url = request.replace('{p}', on.slug).replace('{u}', cast.people.guest.id)
      answers[subject] = (await lane.send(subjects[subject]!(on), url, { json: bodies[request]?.() })).status
    }
    const { writers = [], others = [] } = Object.groupBy(Object.keys(subjects), (subject) =>
      expected[subject]! < 300 && !request.startsWith('GET') ? 'writers' : 'others',
    )
    const untouched = await stage()
    const before = await digest(lane.db)
    for (const subject of others) await ask(subject, untouched)
    expect(await digest(lane.db)).toBe(before)
    for (const subject of writers) await ask(subject, await stage())
    expect(answers).toEqual(expected)
  },
)

describe('applies a loss of rights on the very next request', () => {
  const mine = (slug: string) => `GET /orgs/acme/projects/${slug}`

  test('of a removed member', async () => {
    const { slug } = await stage()
    const { viewer, owner } = cast.people
    expect(await lane.send(viewer.token, mine(slug))).toMatchObject({ status: 200 })
    await lane.send(owner.token, `DELETE /orgs/acme/projects/${slug}/members/${viewer.id}`)
    expect(await lane.send(viewer.token, mine(slug))).toMatchObject({ status: 404, body: { code: 'project_not_found' } })
  })

  test('of a demoted admin', async () => {
    const { slug } = await stage()
    const { admin, owner } = cast.people
    const rename = () => lane.send(admin.token, `PUT /orgs/acme/projects/${slug}`, { json: { name: 'Renamed' } })
    expect(await rename()).toMatchObject({ status: 200 })
    await lane.send(owner.token, `PATCH /orgs/acme/projects/${slug}/members/${admin.id}`, { json: { role: 'viewer' } })
    expect(await rename()).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  })

  test('of an expired membership', async () => {
    const { id, slug } = await stage()
    const { member } = cast.people
    expect(await lane.send(member.token, mine(slug))).toMatchObject({ status: 200 })
    const ofMember = lane.db.updateTable('project_members').where('project_id', '=', id).where('user_id', '=', member.id)
    await ofMember.set({ expires_at: new Date(Date.now() - 1).toISOString() }).execute()
    expect(await lane.send(member.token, mine(slug))).toMatchObject({ status: 404 })
  })

  test('of a revoked and of a rotated project token', async () => {
    const { slug, tokens } = await stage()
    const create = () =>
      lane.send<{ id: string; token: string }>(tokens.owner, `POST /acme/${slug}/tokens`, { json: { name: 'ci' } })
    const [first, second] = [await create(), await create()]
    for (const { body } of [first, second]) expect(await lane.send(body.token, mine(slug))).toMatchObject({ status: 200 })
    await lane.send(tokens.owner, `DELETE /acme/${slug}/tokens/${first.body.id}`)
    await lane.send(tokens.owner, `POST /acme/${slug}/tokens/${second.body.id}/rotate`)
    for (const { body } of [first, second]) expect(await lane.send(body.token, mine(slug))).toMatchObject({ status: 401 })
  })

  test('of a person who leaves the organization', async () => {
    const { world } = cast
    const leaver = await world.member(beta)
    const token = await personalToken(lane.db, leaver, world.org.id)
    expect(await lane.send(token, mine('beta'))).toMatchObject({ status: 200 })
    await lane.db.deleteFrom('organization_members').where('user_id', '=', leaver.id).execute()
    expect(await lane.send(token, mine('beta'))).toMatchObject({ status: 404, body: { code: 'organization_not_found' } })
  })

  test('of a deleted project, for its people and tokens', async () => {
    const { slug, tokens } = await stage()
    await lane.send(tokens.owner, `DELETE /orgs/acme/projects/${slug}`)
    expect(await lane.send(tokens.owner, mine(slug))).toMatchObject({ status: 401 })
    expect(await lane.send(cast.people.owner.token, mine(slug))).toMatchObject({ status: 404 })
  })
})
