import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OrganizationAuditEvent } from '#contract/audit/events'
import { purgeProjects } from '#domain/nuke/purge'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import type { Who } from '../support/http/client.ts'
import { done } from '../support/http/done.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { rowsOf } from '../support/http/pages.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { browser } from '../support/http/session.ts'

let lane: Lane
let cast: Cast
let live: Stage
let deleted: Stage
let purged: Stage
let all: OrganizationAuditEvent[]

const list = '/orgs/acme/audit-events'

beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  live = await cast.project('live')
  deleted = await cast.project('deleted')
  purged = await cast.project('purged')
  await made(cast.people.orgOwner.token, 'PATCH /orgs/acme', { name: 'Acme Inc.' })
  for (const { slug } of [deleted, purged]) await made(cast.people.orgOwner.token, `DELETE /orgs/acme/projects/${slug}`)
  await lane.db.updateTable('projects').set({ restore_before: '2020-01-01T00:00:00Z' }).where('id', '=', purged.id).execute()
  await purgeProjects(lane.db)
  // Events of another organization, newer than all of them.
  await cast.elsewhere.project('theirs')
  all = await pages('')
})
afterAll(() => lane.stop())

const made = (as: Who, request: string, json?: unknown) => done(lane.send, as, request, json)

/** All events of a list, page by page. */
const pages = (query: string) => rowsOf<OrganizationAuditEvent>(lane.send, cast.people.orgAdmin.token, `${list}?limit=7&${query}`)

const exported = async (query: string) => {
  const { status, text } = await lane.send(cast.people.orgAdmin.token, `GET ${list}/export?${query}`)
  expect(status, text).toBe(200)
  return text
}

const linesOf = (ndjson: string) =>
  ndjson
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as OrganizationAuditEvent)

const ids = (events: { id: string }[]) => events.map(({ id }) => id)

const stored = async (projectId?: string) =>
  ids(
    await lane.db
      .selectFrom('audit_events')
      .select('id')
      .where('org_id', '=', cast.world.org.id)
      .$if(projectId !== undefined, (q) => q.where('project_id', '=', projectId!))
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .execute(),
  )

test('lists every event of the organization, newest first: its own, and those of live, deleted and purged projects', async () => {
  expect(ids(all)).toEqual(await stored())
  const of = (action: string, target: string) => all.find((event) => event.action === action && event.target.name === target)
  expect(of('organization.updated', 'acme')).toMatchObject({ project: null, after: { name: 'Acme Inc.' } })
  expect(of('project.created', 'live')).toMatchObject({ project: { id: live.id, slug: 'live', deleted: false } })
  expect(of('project.deleted', 'deleted')).toMatchObject({ project: { id: deleted.id, slug: 'deleted', deleted: true } })
  expect(of('project.deleted', 'purged')).toMatchObject({ project: { id: purged.id, slug: null, deleted: true } })
})

test('exports exactly what the pages of the list show, for every filter, in both formats', async () => {
  const ofRequests = all.filter(({ requestId }) => requestId !== null)
  const middle = ofRequests[Math.floor(ofRequests.length / 2)]!
  const filters: Record<string, (event: OrganizationAuditEvent) => boolean> = {
    '': () => true,
    'action=project.created': ({ action }) => action === 'project.created',
    [`actor=${cast.people.orgOwner.id}`]: ({ actor }) => actor.id === cast.people.orgOwner.id,
    'target=PURGED': ({ target }) => target.name === 'purged',
    [`from=${middle.createdAt}`]: ({ createdAt }) => createdAt >= middle.createdAt,
    [`to=${middle.createdAt}`]: ({ createdAt }) => createdAt < middle.createdAt,
    [`requestId=${middle.requestId}`]: ({ requestId }) => requestId === middle.requestId,
    'project=live': ({ project }) => project?.id === live.id,
    'project=deleted': ({ project }) => project?.id === deleted.id,
    [`project=${live.id.toUpperCase()}`]: ({ project }) => project?.id === live.id,
    [`project=${purged.id}`]: ({ project }) => project?.id === purged.id,
    [`project=${purged.id}&action=project.deleted`]: ({ project, action }) =>
      project?.id === purged.id && action === 'project.deleted',
  }
  for (const [query, fits] of Object.entries(filters)) {
    const shown = await pages(query)
    expect([query, shown.length > 0, ids(shown)]).toEqual([query, true, ids(all.filter(fits))])
    expect(linesOf(await exported(query))).toEqual(shown)
    const csv = (await exported(`format=csv&${query}`)).trimEnd().split('\r\n')
    expect(csv).toHaveLength(shown.length + 1)
    expect(csv[0]).toMatch(/,id,seq,hash,projectId,project$/)
    expect(csv[1]).toContain(shown[0]!.id)
  }
  expect(await stored(purged.id)).toEqual(ids(await pages(`project=${purged.id}`)))
})

test('names the export after the organization, and gathers nothing for HEAD', async () => {
  const head = await lane.send(cast.people.orgOwner.token, `HEAD ${list}/export?format=csv`)
  expect(head.status).toBe(200)
  expect(head.headers.get('content-disposition')).toBe('attachment; filename="acme-audit.csv"')
  expect(head.text).toBe('')
  expect(await lane.send(cast.people.orgOwner.token, `HEAD ${list}`)).toMatchObject({ status: 200, text: '' })
})

test('refuses the slug of a project that is unknown or was purged, and a project of another organization', async () => {
  const { id } = await cast.elsewhere.project('hidden')
  for (const project of ['purged', 'no-such', 'hidden', 'A%20B', id, cast.world.org.id])
    for (const url of [list, `${list}/export`])
      expect(refusalOf(await lane.send(cast.people.orgOwner.token, `GET ${url}?project=${project}`))).toBe(
        '404 project_not_found',
      )
  for (const query of ['project=%00', 'project=live&project=deleted', `project=${'x'.repeat(101)}`])
    expect(refusalOf(await lane.send(cast.people.orgOwner.token, `GET ${list}?${query}`))).toBe('400 invalid_request')
})

describe('is for owners and admins of the organization', () => {
  const urls = [list, `${list}/export`]

  test('and no role in a project is enough', async () => {
    const { orgOwner, orgAdmin, orgMember, owner, admin, viewer, cellAdmin } = cast.people
    for (const url of urls) {
      for (const { token } of [orgOwner, orgAdmin]) expect(await lane.send(token, `GET ${url}`)).toMatchObject({ status: 200 })
      for (const { token } of [orgMember, owner, admin, viewer, cellAdmin])
        expect(refusalOf(await lane.send(token, `GET ${url}`))).toBe('403 forbidden')
      for (const token of Object.values(live.tokens))
        expect(refusalOf(await lane.send(token, `GET ${url}`))).toBe('403 forbidden')
      expect(refusalOf(await lane.send(cast.stranger.token, `GET ${url}`))).toBe('404 organization_not_found')
      expect(refusalOf(await lane.send(null, `GET ${url}`))).toBe('401 unauthenticated')
    }
  })

  test('and not for a session that views a project as another person', async () => {
    const session = await browser(cast.people.orgOwner.credentialId)
    await made(session, 'POST /orgs/acme/projects/live/view-as', { userId: cast.people.admin.id })
    for (const url of urls) expect(refusalOf(await lane.send(session, `GET ${url}`))).toBe('403 viewing_as')
    await made(session, 'DELETE /me/view-as')
    for (const url of urls) expect(await lane.send(session, `GET ${url}`)).toMatchObject({ status: 200 })
  })
})

test('an export goes on while one of its projects is purged', async () => {
  const brief = await cast.project('brief')
  await sql`insert into audit_events (id, org_id, project_id, actor_kind, actor_name, action, target_kind, target_id)
    select gen_random_uuid(), ${cast.world.org.id}, ${brief.id}, 'system', 'cli', 'cell.created', 'cell', n::text
    from generate_series(1, 3000) n`.execute(lane.db)
  const count = (await stored()).length
  await made(cast.people.orgOwner.token, 'DELETE /orgs/acme/projects/brief')
  await lane.db.updateTable('projects').set({ restore_before: '2020-01-01T00:00:00Z' }).where('id', '=', brief.id).execute()
  const [lines] = await Promise.all([exported('').then(linesOf), purgeProjects(lane.db)])
  expect(lines.length).toBe(count + 1)
  for (const { project, target } of lines.filter((line) => line.project?.id === brief.id))
    expect(target.name === 'brief' || ['brief', null].includes(project!.slug)).toBe(true)
})
