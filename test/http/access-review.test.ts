import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ReviewEntry } from '#contract/review/access-review'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'

let lane: Lane
let cast: Cast
let stage: Stage
let other: Stage
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  stage = await cast.project('alpha')
  other = await cast.project('beta')
  await lane.send(stage.tokens.owner, 'POST /acme/alpha/tokens', { json: { name: '=HYPERLINK("http://evil.test","click")' } })
  await lane.send(stage.tokens.owner, 'POST /acme/alpha/tokens', {
    json: { name: 'comma, "quoted"', allowedAddresses: ['192.0.2.1'] },
  })
})
afterAll(() => lane.stop())

const list = async (as: string, path: string) => {
  const answer = await lane.send<ReviewEntry[]>(as, `GET ${path}`)
  expect(answer.status, answer.text).toBe(200)
  return answer
}
const ofOrg = '/orgs/acme/access-review'
const ofProject = '/orgs/acme/projects/alpha/access-review'

describe('who may review', () => {
  test('the organization: members who manage its people', async () => {
    const { orgOwner, orgAdmin, orgMember, owner } = cast.people
    for (const { token } of [orgOwner, orgAdmin]) await list(token, ofOrg)
    for (const { token } of [orgMember, owner]) {
      expect(refusalOf(await lane.send(token, `GET ${ofOrg}`))).toBe('403 forbidden')
      expect(refusalOf(await lane.send(token, `GET ${ofOrg}/export`))).toBe('403 forbidden')
    }
    expect(refusalOf(await lane.send(cast.stranger.token, `GET ${ofOrg}/export`))).toBe('404 organization_not_found')
    expect(refusalOf(await lane.send(stage.tokens.owner, `GET ${ofOrg}`))).toBe('403 forbidden')
  })

  test('a project: members who manage its members, in that project only', async () => {
    const { admin, member, envAdmin } = cast.people
    const { body } = await list(admin.token, ofProject)
    expect(new Set(body.flatMap(({ project }) => project?.slug ?? []))).toEqual(new Set(['alpha']))
    for (const { token } of [member, envAdmin])
      expect(refusalOf(await lane.send(token, `GET ${ofProject}/export`))).toMatch(/^403/)
    expect(refusalOf(await lane.send(admin.token, `GET ${ofProject}?project=beta`))).toBe('400 invalid_request')
    expect(other.slug).toBe('beta')
  })
})

test('keeps pages and filters in the URL', async () => {
  const { token } = cast.people.orgOwner
  const all = (await list(token, `${ofOrg}?limit=200&project=alpha&kind=membership&sort=-name`)).body
  expect(all.length).toBeGreaterThan(5)
  const first = await list(token, `${ofOrg}?limit=3&project=alpha&kind=membership&sort=-name`)
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link')!)![1]!
  expect([...first.body, ...(await list(token, next)).body]).toEqual(all.slice(0, 6))
  expect(refusalOf(await lane.send(token, `GET ${ofOrg}?reason=ugly`))).toBe('400 invalid_request')
  expect(refusalOf(await lane.send(token, `GET ${ofOrg}?days=0`))).toBe('400 invalid_request')
  expect(refusalOf(await lane.send(token, `GET ${ofOrg}?cursor=x`))).toBe('400 invalid_request')
})

test('lists what one person has, and nothing for a person of another organization', async () => {
  const { orgOwner, admin } = cast.people
  const { body } = await list(orgOwner.token, `${ofOrg}?userId=${admin.id}&limit=200`)
  expect(new Set(body.map(({ userId }) => userId))).toEqual(new Set([admin.id]))
  expect(new Set(body.map(({ kind }) => kind))).toEqual(new Set(['person', 'membership', 'personal-token']))
  const memberships = body.filter(({ kind }) => kind === 'membership')
  expect((await list(orgOwner.token, `${ofOrg}?userId=${admin.id}&kind=membership&limit=200`)).body).toEqual(memberships)
  const first = await list(orgOwner.token, `${ofOrg}?userId=${admin.id}&limit=1&sort=-seen`)
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link')!)![1]!
  expect((await list(orgOwner.token, next)).body).toHaveLength(1)
  expect((await list(orgOwner.token, `${ofOrg}?userId=${cast.stranger.id}`)).body).toEqual([])
  expect((await list(admin.token, `${ofProject}?userId=${admin.id}`)).body).toMatchObject([{ kind: 'membership' }])
  expect(refusalOf(await lane.send(orgOwner.token, `GET ${ofOrg}?userId=nobody`))).toBe('400 invalid_request')
})

describe('an export', () => {
  test('is CSV with the filtered rows, and contains no formula', async () => {
    const { token } = cast.people.orgOwner
    const { headers, text } = await lane.send(
      token,
      `GET ${ofOrg}/export?format=csv&kind=project-token&project=alpha&reason=never-used`,
    )
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(headers.get('content-disposition')).toBe('attachment; filename="acme-access-review.csv"')
    const lines = text.trimEnd().split('\r\n')
    expect(lines[0]).toBe(
      'kind,project,name,email,role,environment,cells,permissions,expiresAt,lastSeenAt,createdAt,createdBy,allowedAddresses,reasons,id',
    )
    const { body } = await list(token, `${ofOrg}?kind=project-token&project=alpha&reason=never-used&limit=200`)
    expect(lines).toHaveLength(body.length + 1)
    expect(text).toContain(`project-token,alpha,"'=HYPERLINK(""http://evil.test"",""click"")",,member,`)
    expect(text).toContain('project-token,alpha,"comma, ""quoted""",')
    expect(text).toContain(',192.0.2.1,never-used no-expiry,')
    expect(text).not.toMatch(/(^|,)[=+@-]/m)
  })

  test('is CSV that starts with the mark of UTF-8', async () => {
    const { token } = cast.people.orgOwner
    const answer = await fetch(`${lane.origin}${ofOrg}/export?format=csv`, { headers: { authorization: `Bearer ${token}` } })
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(0, 3)
        .toString('hex'),
    ).toBe('efbbbf')
  })

  test('is NDJSON of the same entries, and of one project under its name', async () => {
    const { token } = cast.people.admin
    const { headers, text } = await lane.send(token, `GET ${ofProject}/export`)
    expect(headers.get('content-disposition')).toBe('attachment; filename="alpha-access-review.ndjson"')
    const { body } = await list(token, `${ofProject}?limit=200`)
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(body)
  })
})
