import { afterAll, describe, expect, test } from 'vitest'
import type { V1CreatedProject, V1Project } from '#contract/v1/projects'
import { createUser } from '#domain/accounts/users'
import { createCast, personalToken } from '../support/world/cast.ts'
import { startLane } from '../support/http/lane.ts'
import { pagesOf } from '../support/http/pages.ts'

const lane = await startLane()
const cast = await createCast(lane.db)
afterAll(() => lane.stop())
const { send } = lane

let n = 0
/** A person without any organization, and their personal token. */
async function newcomer() {
  const user = await createUser(lane.db, { email: `new-${++n}@example.test`, name: `New ${n}` })
  return { ...user, token: await personalToken(lane.db, user, null) }
}
const create = async (who: string, name: string) =>
  (await send<V1CreatedProject>(who, 'POST /v1/projects', { json: { name } })).body
const list = async (who: string, query = '') => (await send<V1Project[]>(who, `GET /v1/projects?${query}`)).body

describe('first call of a new person', () => {
  test('creates an organization with a project, token and environment `default`, once', async () => {
    const { token } = await newcomer()
    const [one, ...others] = await Promise.all(Array.from({ length: 8 }, () => list(token)))
    expect(one!.map((project) => project.name)).toEqual(['default'])
    for (const other of others) expect(other).toEqual(one)
    const project = one![0]!
    expect(project).toMatchObject({ membersCount: 1, agentsCount: 0, aggregatorsCount: 0, membership: { roles: ['creator'] } })
    const tokens = await send<{ name: string; token: string }[]>(token, `GET /v1/projects/${project.id}/tokens?`)
    expect(tokens.body.map(({ name }) => name)).toEqual(['default'])
    const environments = await send<{ name: string }[]>(token, `GET /v1/projects/${project.id}/environments?`)
    expect(environments.body.map(({ name }) => name)).toEqual(['default'])
  })
})

describe('POST /v1/projects', () => {
  test('answers as the seed prints it, and its token works', async () => {
    const { token } = await newcomer()
    const answer = await send<V1CreatedProject>(token, 'POST /v1/projects', { json: { name: 'new-project', v3Enabled: null } })
    expect(answer.status).toBe(201)
    const { id, createdAt, membership } = answer.body
    expect(membership).toMatchObject({ projectID: id, roles: ['creator'], permissions: [] })
    const byToken = await send<V1Project>({ 'x-project-token': answer.body.token }, `GET /v1/projects/${id}`)
    expect(byToken.body).toEqual({ id, name: 'new-project', membersCount: 1, agentsCount: 0, aggregatorsCount: 0, createdAt })
    const byUser = await send<V1Project>(token, `GET /v1/projects/${id}`)
    expect(byUser.body).toEqual({ ...byToken.body, membership })
    expect((await list(token))[0]).toEqual(byUser.body)
  })

  test.for([[{}], [{ name: '' }], [{ name: null }], [{ name: 7 }], [{ name: 'x'.repeat(101) }], [[]]])(
    '%j is an invalid project name or body',
    async ([json]) => {
      const answer = await send(cast.people.orgOwner.token, 'POST /v1/projects', { json })
      expect([answer.status, answer.body.error]).toEqual([
        422,
        Array.isArray(json) ? 'invalid request body' : 'invalid project name',
      ])
    },
  )
})

test('pages newest first with last=3 through ten projects created back to back, without repeating or losing one', async () => {
  const { token } = await newcomer()
  const made: string[] = []
  for (let i = 0; i < 10; i++) made.push((await create(token, `test-project-${i}`)).id)
  const seen: V1Project[] = []
  let pages = 0
  for await (const { body } of pagesOf<V1Project>(send, token, '/v1/projects?last=3')) {
    seen.push(...body)
    pages++
  }
  expect(pages).toBe(4)
  expect(seen.map(({ id }) => id).slice(0, 10)).toEqual(made.toReversed())
  const times = seen.map(({ createdAt }) => createdAt)
  expect(times).toEqual([...new Set(times)].toSorted().toReversed())
})

describe('DELETE /v1/projects/{projectID}', () => {
  test('allows only its creator', async () => {
    const project = await cast.project('delete-me')
    const { admin, owner } = cast.people
    expect((await send(admin.token, `DELETE /v1/projects/${project.id}`)).body).toEqual({ error: 'permission denied' })
    expect((await send({ 'x-project-token': project.tokens.owner }, `DELETE /v1/projects/${project.id}`)).status).toBe(403)
    const gone = await send<{ deleted: boolean; deletedAt: string }>(owner.token, `DELETE /v1/projects/${project.id}`)
    expect(gone.body).toEqual({ deleted: true, deletedAt: expect.stringMatching(/\.\d{6}Z$/) })
    expect((await send(owner.token, `GET /v1/projects/${project.id}`)).body).toEqual({ error: 'project not found' })
  })
})
