import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ErrorBody } from '#contract/errors'
import type { FilePlan, OrganizationFile } from '#contract/organizations/file'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'

let lane: Lane
let cast: Cast
let stage: Stage
let owner: string
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  stage = await cast.project('alpha')
  owner = cast.people.orgOwner.token
})
afterAll(() => lane.stop())

const plan = <Body = ErrorBody>(file: object, as = owner, org = 'acme') =>
  lane.send<Body>(as, `POST /orgs/${org}/file/plan`, { json: { file: { version: 1, ...file } } })
const project = { slug: 'alpha', name: 'alpha' }
const addresses = (n: number) => Array.from({ length: n }, (_, i) => ({ email: `u${i}@elsewhere.test`, role: 'viewer' }))

describe('the file of an organization over HTTP', () => {
  test.for<[string, object]>([
    ['of another version', { version: 2 }],
    ['with an unknown section', { tokens: [] }],
    ['with an unknown field of a project', { projects: [{ ...project, id: 'x' }] }],
    ['with an address that is none', { people: [{ email: 'nobody', role: 'viewer' }] }],
    ['with a role that is none', { people: [{ email: 'a@x.test', role: 'root' }] }],
    ['with an environment that is no name', { projects: [{ ...project, environments: ['No'] }] }],
    [
      'with a verb twice',
      { projects: [{ ...project, members: [{ email: 'a@x.test', role: 'viewer', permissions: ['read:*', 'read:*'] }] }] },
    ],
    [
      'with a time that is none',
      { projects: [{ ...project, members: [{ email: 'a@x.test', role: 'viewer', expiresAt: 'soon' }] }] },
    ],
    ['with more people than a file holds', { people: addresses(1001) }],
    ['with more changes than an apply makes', { people: addresses(501) }],
  ])('refuses a file %s', async ([, file]) => {
    expect(refusalOf(await plan(file))).toBe('400 invalid_request')
  })

  test('is hidden from strangers and refused to members and project tokens', async () => {
    const outside = [cast.stranger.token]
    const inside = [cast.people.orgMember.token, cast.people.owner.token, stage.tokens.owner]
    for (const [callers, refusal] of [
      [outside, '404 organization_not_found'],
      [inside, '403 forbidden'],
    ] as const)
      for (const as of callers) {
        // oxlint-disable-next-line no-await-in-loop
        const answers = [await lane.send(as, 'GET /orgs/acme/file'), await plan({}, as)]
        expect(answers.map(refusalOf)).toEqual([refusal, refusal])
      }
  })

  test('names no project of another organization', async () => {
    const { status, body } = await plan<FilePlan>({ projects: [project] }, cast.stranger.token, 'other')
    expect(status).toBe(200)
    expect(body.changes).toMatchObject([{ action: 'add', kind: 'project', name: 'alpha', before: null }])
  })

  test('is changed by a plan and its apply, once, with the events of the single changes', async () => {
    const { email } = cast.people.newcomer
    const file = {
      version: 1,
      settings: { requireNukeReason: true },
      projects: [{ ...project, name: 'Alpha', members: [{ email, role: 'viewer', cells: ['eu'] }] }],
    }
    const { body: planned } = await plan<FilePlan>(file)
    expect(planned.access).toEqual([{ project: 'alpha', email, before: 0, after: 0, roleBefore: null, roleAfter: 'viewer' }])
    const apply = () => lane.send(owner, 'POST /orgs/acme/file/apply', { json: { file, revision: planned.revision } })
    expect(await apply()).toMatchObject({ status: 200, body: planned })
    expect(refusalOf(await apply())).toBe('409 plan_changed')
    const { body } = await lane.send<OrganizationFile>(owner, 'GET /orgs/acme/file')
    expect(body.settings).toMatchObject({ requireNukeReason: true })
    expect(body.projects![0]!.members).toContainEqual({
      email,
      role: 'viewer',
      environment: null,
      cells: ['eu'],
      permissions: [],
      expiresAt: null,
    })
    const events = await lane.send<{ action: string }[]>(owner, 'GET /orgs/acme/audit-events?limit=3')
    expect(events.body.map(({ action }) => action).toSorted()).toEqual([
      'member.added',
      'organization.updated',
      'project.updated',
    ])
  })
})
