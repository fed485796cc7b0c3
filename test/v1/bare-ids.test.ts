import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { createCast, personalToken } from '../support/world/cast.ts'
import type { Who } from '../support/http/client.ts'
import { startLane } from '../support/http/lane.ts'

// An import keeps ids, so one id may name rows of several projects.

const lane = await startLane()
const cast = await createCast(lane.db)
afterAll(() => lane.stop())
const { send } = lane

const kinds = [
  { name: 'agents', header: 'x-agent-token', missing: 'agent not found' },
  { name: 'aggregators', header: 'x-aggregator-token', missing: 'aggregator not found' },
] as const
type Kind = (typeof kinds)[number]

let n = 0
const withToken = (token: string): Who => ({ 'x-project-token': token })

async function register({ name }: Kind, token: string) {
  const json =
    name === 'agents'
      ? { name: 'web-1', machineID: 'machine-1', type: 'fluentbit', version: 'v1.8.6', edition: 'community' }
      : { name: 'core-1', version: 'v0.1.12' }
  const answer = await send<{ id: string; token: string }>(withToken(token), `POST /v1/${name}`, { json })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}

/** A project with one row, and copies of the row in other projects. */
async function copied(kind: Kind, copies: { org: string; slug: string; as: string }[], slug = `from-${++n}`) {
  const source = await cast.project(slug)
  const { id, token } = await register(kind, source.tokens.member)
  const exported = await send(source.tokens.admin, `GET /acme/${slug}/export`)
  for (const { org, slug: into, as } of copies) {
    const headers = { 'content-type': 'application/x-ndjson' }
    const answer = await send(as, `POST /${org}/${into}/import`, { raw: exported.text, headers })
    expect(answer.status, answer.text).toBe(200)
  }
  return { source, id, token }
}

const target = ({ name }: Kind, id: string) => `/v1/${name}/${id}`
const read = (kind: Kind, who: Who, id: string) => send<{ error: string }>(who, `GET ${target(kind, id)}`)
const remove = (kind: Kind, who: Who, id: string) => send<{ error: string }>(who, `DELETE ${target(kind, id)}`)
const table = ({ name }: Kind) => (name === 'agents' ? 'agents' : 'core_instances')
async function projectsWith(kind: Kind, id: string) {
  const { rows } = await sql<{ project_id: string }>`select project_id from ${sql.table(table(kind))} where id = ${id}`.execute(
    lane.db,
  )
  return rows.map((row) => row.project_id).toSorted()
}
const several = (answer: { status: number; body: { error: string } }) =>
  expect([answer.status, answer.body.error]).toEqual([
    409,
    'Several of your projects contain this ID, because an import keeps IDs. Send the token of the project that you mean as X-Project-Token',
  ])

describe.each(kinds)('an id of $name that several projects share', (kind) => {
  test('names the row of the only project that the caller reaches, whichever project is older', async () => {
    const hidden = await cast.project(`hidden-${++n}`)
    const { source, id } = await copied(kind, [{ org: 'acme', slug: hidden.slug, as: hidden.tokens.admin }])
    const insider = await cast.world.member(source, { role: 'admin' })
    const bearer = await personalToken(lane.db, insider, cast.world.org.id)
    expect(await read(kind, bearer, id)).toMatchObject({ status: 200 })
    expect(await remove(kind, bearer, id)).toMatchObject({ status: 204 })
    expect(await projectsWith(kind, id)).toEqual([hidden.id])
    expect([await read(kind, bearer, id)].map(({ status, body }) => [status, body.error])).toEqual([[404, kind.missing]])
  })

  test('answers 409 to a caller who reaches several, until a token names one project', async () => {
    const second = await cast.project(`second-${++n}`)
    const { source, id, token } = await copied(kind, [{ org: 'acme', slug: second.slug, as: second.tokens.admin }])
    const admin = cast.people.orgAdmin.token
    several(await read(kind, admin, id))
    several(await send(admin, `PATCH ${target(kind, id)}`, { json: { name: 'renamed' } }))
    several(await remove(kind, admin, id))
    const both = { authorization: `Bearer ${admin}`, 'x-project-token': second.tokens.member }
    expect(await read(kind, both, id)).toMatchObject({ status: 200 })
    expect(await read(kind, { [kind.header]: token }, id)).toMatchObject({ status: 200 })
    expect(await remove(kind, both, id)).toMatchObject({ status: 204 })
    expect(await projectsWith(kind, id)).toEqual([source.id])
    expect(await read(kind, admin, id)).toMatchObject({ status: 200 })
    // More than two, which is as many as the query fetches.
    const more = await Promise.all([1, 2, 3].map(() => cast.project(`many-${++n}`)))
    const exported = await send(source.tokens.admin, `GET /acme/${source.slug}/export`)
    for (const { slug, tokens } of more)
      await send(tokens.admin, `POST /acme/${slug}/import`, {
        raw: exported.text,
        headers: { 'content-type': 'application/x-ndjson' },
      })
    several(await read(kind, admin, id))
  })

  test('ignores other tenants, deleted projects, and nuked rows', async () => {
    const theirs = await cast.elsewhere.project(`theirs-${++n}`)
    const deleted = await cast.project(`deleted-${++n}`)
    const nuked = await cast.project(`nuked-${++n}`)
    const { source, id } = await copied(kind, [
      { org: 'other', slug: theirs.slug, as: cast.stranger.token },
      { org: 'acme', slug: deleted.slug, as: deleted.tokens.admin },
      { org: 'acme', slug: nuked.slug, as: nuked.tokens.admin },
    ])
    const owner = cast.people.orgOwner.token
    several(await read(kind, owner, id))
    await send(owner, `DELETE /orgs/acme/projects/${deleted.slug}`)
    await send(owner, `DELETE /acme/${nuked.slug}/nuke`, { json: { confirm: nuked.slug } })
    expect(await read(kind, owner, id)).toMatchObject({ status: 200 })
    expect(await read(kind, cast.stranger.token, id)).toMatchObject({ status: 200 })
    expect(await read(kind, cast.people.newcomer.token, id)).toMatchObject({ status: 404 })
    expect(await remove(kind, cast.stranger.token, id)).toMatchObject({ status: 204 })
    expect(await projectsWith(kind, id)).toContain(source.id)
  })

  test('counts only organizations where the token works, and whose maximum lifetime it meets', async () => {
    const theirs = await cast.elsewhere.project(`bound-${++n}`)
    const { id } = await copied(kind, [{ org: 'other', slug: theirs.slug, as: cast.stranger.token }])
    const both = cast.people.orgOwner
    await lane.db
      .insertInto('organization_members')
      .values({ org_id: cast.elsewhere.org.id, user_id: both.id, role: 'owner' })
      .onConflict((c) => c.doNothing())
      .execute()
    expect(await read(kind, both.token, id)).toMatchObject({ status: 200 })
    const guest = await personalToken(lane.db, both, null)
    several(await read(kind, guest, id))
    await send(cast.stranger.token, 'PATCH /orgs/other', { json: { maxTokenLifetimeDays: 1 } })
    expect(await read(kind, guest, id)).toMatchObject({ status: 200 })
    await send(cast.stranger.token, 'PATCH /orgs/other', { json: { maxTokenLifetimeDays: null } })
    await lane.db
      .deleteFrom('organization_members')
      .where('org_id', '=', cast.elsewhere.org.id)
      .where('user_id', '=', both.id)
      .execute()
  })

  test('ignores a project whose membership has expired', async () => {
    const second = await cast.project(`ends-${++n}`)
    const { source, id } = await copied(kind, [{ org: 'acme', slug: second.slug, as: second.tokens.admin }])
    const person = await cast.world.member(source, { role: 'admin' })
    await send(second.tokens.owner, `POST /orgs/acme/projects/${second.slug}/members`, {
      json: { userId: person.id, role: 'viewer' },
    })
    const bearer = await personalToken(lane.db, person, cast.world.org.id)
    several(await read(kind, bearer, id))
    await lane.db
      .updateTable('project_members')
      .set({ expires_at: new Date(Date.now() - 1000).toISOString() })
      .where('project_id', '=', second.id)
      .where('user_id', '=', person.id)
      .execute()
    expect(await remove(kind, bearer, id)).toMatchObject({ status: 204 })
    expect(await projectsWith(kind, id)).toEqual([second.id])
  })
})
