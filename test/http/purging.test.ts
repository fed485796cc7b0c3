import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OrganizationAuditEvent } from '#contract/audit/events'
import type { Notice } from '#contract/notices/notices'
import type { Wipe } from '#contract/nuke/nuke'
import { purgeDue } from '#domain/nuke/purge'
import { dumpData } from '../support/database/dump.ts'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import type { Who } from '../support/http/client.ts'
import { done } from '../support/http/done.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { browser, signedIn } from '../support/http/session.ts'

let lane: Lane
let cast: Cast
let sessions: Record<'orgOwner' | 'orgAdmin' | 'owner' | 'admin' | 'stranger', Record<string, string>>
let n = 0
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  const { orgOwner, orgAdmin, owner, admin } = cast.people
  const of = (person: { credentialId: string }) => browser(person.credentialId)
  sessions = {
    orgOwner: await of(orgOwner),
    orgAdmin: await of(orgAdmin),
    owner: await of(owner),
    admin: await of(admin),
    stranger: await of(cast.elsewhere.root),
  }
})
afterAll(() => lane.stop())

beforeEach(() => signedIn(lane.db, 0))

const made = <Body>(as: Who, request: string, json?: unknown) => done<Body>(lane.send, as, request, json)

const deletionOf = ({ slug }: Stage) => `DELETE /orgs/acme/projects/${slug}`
const purgeOf = ({ id }: { id: string }) => `DELETE /orgs/acme/deleted-projects/${id}`
const restoreOf = ({ id }: Stage) => `POST /orgs/acme/projects/${id}/restore`
const confirming = ({ slug }: { slug: string }) => ({ json: { confirm: slug } })

/** A project with a live row and a nuked one. */
async function filled(slug = `purging-${++n}`) {
  const stage = await cast.project(slug)
  const type = { name: 'server', states: ['up'], initialState: 'up' }
  await made(stage.tokens.owner, `POST /acme/${slug}/entity-types`, type)
  const { wipeId } = await made<{ wipeId: string }>(stage.tokens.owner, `DELETE /acme/${slug}/nuke`)
  await made(stage.tokens.owner, `POST /acme/${slug}/entity-types`, type)
  const wipe = `DELETE /orgs/acme/projects/${slug}/wipes/${wipeId}`
  return { ...stage, wipeId, purgeWipe: wipe, undo: `POST /orgs/acme/projects/${slug}/wipes/${wipeId}/restore` }
}

async function deleted(slug?: string) {
  const stage = await filled(slug)
  await made(cast.people.orgOwner.token, deletionOf(stage))
  return stage
}

const sorted = (answers: { status: number }[]) => answers.map(({ status }) => status).toSorted((a, b) => a - b)

const rowsOf = async (projectId: string) =>
  Object.values(await dumpData(lane.db, projectId)).reduce((sum, rows) => sum + rows.length, 0)

const eventsOf = (projectId: string, action: string) =>
  made<OrganizationAuditEvent[]>(cast.people.orgOwner.token, `GET /orgs/acme/audit-events?project=${projectId}&action=${action}`)

describe('a deleted project', () => {
  test('is purged by an owner of the organization: its slug is free at once, its data goes, its events stay', async () => {
    const gone = await deleted('phoenix')
    expect(await made(sessions.orgOwner, purgeOf(gone), { confirm: 'phoenix' })).toEqual({ id: gone.id, purged: true })
    const again = await cast.project('phoenix')
    expect(again.id).not.toBe(gone.id)
    const listed = await made<{ id: string }[]>(cast.people.orgOwner.token, 'GET /orgs/acme/deleted-projects')
    expect(listed.map(({ id }) => id)).not.toContain(gone.id)
    expect(refusalOf(await lane.send(cast.people.orgOwner.token, restoreOf(gone)))).toBe('410 purged')
    expect(refusalOf(await lane.send(sessions.orgOwner, purgeOf(gone), confirming(gone)))).toBe('410 purged')
    expect(await rowsOf(gone.id)).toBeGreaterThan(0)
    expect(await purgeDue(lane.db)).toBe(1)
    expect(await rowsOf(gone.id)).toBe(0)
    expect(refusalOf(await lane.send(sessions.orgOwner, purgeOf(gone), confirming(gone)))).toBe('404 project_not_found')
    const [event, ...others] = await eventsOf(gone.id, 'project.purged')
    expect(others).toEqual([])
    expect(event).toMatchObject({
      actor: { id: cast.people.orgOwner.id },
      target: { kind: 'project', id: gone.id, name: 'phoenix' },
      before: { name: 'phoenix', slug: 'phoenix' },
      project: { id: gone.id, slug: null, deleted: true },
    })
    const notices = await made<Notice[]>(cast.people.owner.token, 'GET /me/notices')
    expect(notices.find(({ id }) => id === event!.id)).toMatchObject({
      kind: 'purged',
      summary: `${cast.people.orgOwner.email} permanently deleted the project phoenix`,
      project: { id: gone.id, slug: null, deleted: true },
      undoBefore: null,
    })
  })

  test('is purged by nobody else, and by no token', async () => {
    const gone = await deleted()
    const { orgOwner, orgAdmin, owner } = cast.people
    const callers: [Who, string][] = [
      [sessions.orgAdmin, '403 forbidden'],
      [sessions.owner, '403 forbidden'],
      [orgOwner.token, '403 forbidden'],
      [orgAdmin.token, '403 forbidden'],
      [owner.token, '403 forbidden'],
      [sessions.stranger, '404 organization_not_found'],
      [gone.tokens.owner, '401 unauthenticated'],
      [null, '401 unauthenticated'],
    ]
    for (const [as, refusal] of callers) expect(refusalOf(await lane.send(as, purgeOf(gone), confirming(gone)))).toBe(refusal)
    const live = await filled()
    expect(refusalOf(await lane.send(live.tokens.owner, purgeOf(gone), confirming(gone)))).toBe('403 forbidden')
    const path = purgeOf(gone).replace('acme', 'other')
    expect(refusalOf(await lane.send(sessions.stranger, path, confirming(gone)))).toBe('404 project_not_found')
    await made(sessions.orgOwner, `POST /orgs/acme/projects/${live.slug}/view-as`, { userId: owner.id })
    expect(refusalOf(await lane.send(sessions.orgOwner, purgeOf(gone), confirming(gone)))).toBe('403 viewing_as')
    await made(sessions.orgOwner, 'DELETE /me/view-as')
    await made(cast.people.orgOwner.token, restoreOf(gone))
  })

  test('needs its slug, a recent sign-in, and to be deleted and unprotected', async () => {
    const gone = await deleted()
    const refused = async (json: unknown) => refusalOf(await lane.send(sessions.orgOwner, purgeOf(gone), { json }))
    for (const confirm of ['', 'x', gone.id, gone.slug.toUpperCase(), `${gone.slug} `])
      expect(await refused({ confirm })).toBe('403 confirmation_required')
    expect(await refused(undefined)).toBe('403 confirmation_required')
    expect(await refused({ confirm: gone.slug, force: true })).toBe('400 invalid_request')
    await signedIn(lane.db, 11)
    expect(await refused({ confirm: gone.slug })).toBe('403 reauthentication_required')
    await signedIn(lane.db, 0)
    const protect = (yes: boolean) => lane.db.updateTable('projects').set({ protected: yes }).where('id', '=', gone.id).execute()
    await protect(true)
    expect(await refused({ confirm: gone.slug })).toBe('409 deletion_protected')
    await protect(false)
    expect(refusalOf(await lane.send(sessions.orgOwner, purgeOf({ id: gone.slug }), confirming(gone)))).toBe(
      '404 project_not_found',
    )
    await made(cast.people.orgOwner.token, restoreOf(gone))
    expect(await refused({ confirm: gone.slug })).toBe('409 not_purgeable')
    expect(await eventsOf(gone.id, 'project.purged')).toEqual([])
    expect(await purgeDue(lane.db)).toBe(0)
  })

  test('is either restored or purged when both are asked for at once, and is purged once', async () => {
    let [restored, purged] = [0, 0]
    for (let tries = 0; tries < 8; tries++) {
      const gone = await deleted()
      const purge = () => lane.send(sessions.orgOwner, purgeOf(gone), confirming(gone))
      const restore = () => lane.send(cast.people.orgOwner.token, restoreOf(gone))
      const calls = tries % 2 ? [purge, restore, purge] : [restore, purge, purge]
      const answers = await Promise.all(calls.map((call) => call()))
      const statuses = sorted(answers)
      const isAlive = (await lane.send(cast.people.orgOwner.token, `GET /orgs/acme/projects/${gone.id}`)).status === 200
      expect(statuses).toEqual(isAlive ? [200, 409, 409] : [200, 410, 410])
      expect(await eventsOf(gone.id, 'project.purged')).toHaveLength(isAlive ? 0 : 1)
      if (isAlive) restored++
      else purged++
      const before = await rowsOf(gone.id)
      expect(await purgeDue(lane.db)).toBe(isAlive ? 0 : 1)
      expect(await rowsOf(gone.id)).toBe(isAlive ? before : 0)
    }
    expect(restored + purged).toBe(8)
  })
})

describe('what a nuke removed', () => {
  test('is purged by an owner of the project: no undo is possible, the rows go, the receipt stays', async () => {
    const stage = await filled()
    const before = await rowsOf(stage.id)
    const purged = await made<Wipe>(sessions.owner, stage.purgeWipe, { confirm: stage.slug })
    expect(purged).toMatchObject({ id: stage.wipeId, state: 'purged', rowCounts: { entity_types: 1 } })
    expect(refusalOf(await lane.send(stage.tokens.owner, stage.undo))).toBe('410 purged')
    expect(refusalOf(await lane.send(sessions.owner, stage.purgeWipe, confirming(stage)))).toBe('410 purged')
    expect(await purgeDue(lane.db)).toBe(1)
    expect(await rowsOf(stage.id)).toBe(before - 1)
    const receipts = await made<Wipe[]>(cast.people.owner.token, `GET /orgs/acme/projects/${stage.slug}/wipes`)
    expect(receipts).toMatchObject([{ id: stage.wipeId, state: 'purged', purgedAt: expect.any(String) }])
    const [event, ...others] = await eventsOf(stage.id, 'wipe.purged')
    expect(others).toEqual([])
    expect(event).toMatchObject({ target: { kind: 'wipe', id: stage.wipeId, name: stage.slug } })
    const notices = await made<Notice[]>(cast.people.orgOwner.token, 'GET /me/notices')
    expect(notices.find(({ id }) => id === event!.id)).toMatchObject({
      kind: 'purged',
      summary: `${cast.people.owner.email} permanently deleted nuked data of the project ${stage.slug}`,
      project: { slug: stage.slug, deleted: false },
      readAt: null,
    })
  })

  test('is purged by nobody else, and by no token', async () => {
    const stage = await filled()
    const { orgOwner, owner, admin } = cast.people
    const callers: [Who, string][] = [
      [sessions.admin, '403 forbidden'],
      [sessions.orgAdmin, '403 forbidden'],
      [orgOwner.token, '403 forbidden'],
      [owner.token, '403 forbidden'],
      [admin.token, '403 forbidden'],
      [stage.tokens.owner, '403 forbidden'],
      [sessions.stranger, '404 organization_not_found'],
      [null, '401 unauthenticated'],
    ]
    for (const [as, refusal] of callers) expect(refusalOf(await lane.send(as, stage.purgeWipe, confirming(stage)))).toBe(refusal)
    for (const as of [orgOwner.token, owner.token, stage.tokens.owner])
      expect(refusalOf(await lane.send(as, `${stage.purgeWipe}x`, confirming(stage)))).toBe('403 forbidden')
    await lane.db
      .updateTable('project_members')
      .set({ verbs: ['read:*', 'create:*'] })
      .where('user_id', '=', owner.id)
      .where('project_id', '=', stage.id)
      .execute()
    expect(refusalOf(await lane.send(sessions.owner, stage.purgeWipe, confirming(stage)))).toBe('403 verb_not_granted')
    const other = await filled()
    const foreign = stage.purgeWipe.replace(stage.slug, other.slug)
    expect(refusalOf(await lane.send(sessions.owner, foreign, confirming(other)))).toBe('404 wipe_not_found')
  })

  test('needs the slug, a recent sign-in, no protection, and no undo before', async () => {
    const stage = await filled()
    const refused = async (json: unknown) => refusalOf(await lane.send(sessions.owner, stage.purgeWipe, { json }))
    expect(await refused(undefined)).toBe('403 confirmation_required')
    expect(await refused({ confirm: 'x' })).toBe('403 confirmation_required')
    await signedIn(lane.db, 11)
    expect(await refused({ confirm: stage.slug })).toBe('403 reauthentication_required')
    await signedIn(lane.db, 0)
    await made(sessions.owner, `PUT /orgs/acme/projects/${stage.slug}/protection`, { protected: true })
    expect(await refused({ confirm: stage.slug })).toBe('409 deletion_protected')
    await made(sessions.owner, `PUT /orgs/acme/projects/${stage.slug}/protection`, { protected: false })
    await made(stage.tokens.owner, stage.undo)
    expect(await refused({ confirm: stage.slug })).toBe('409 not_purgeable')
  })

  test('is either undone or purged when both are asked for at once, and is purged once', async () => {
    for (let tries = 0; tries < 6; tries++) {
      const stage = await filled()
      const purge = () => lane.send(sessions.owner, stage.purgeWipe, confirming(stage))
      const undo = () => lane.send(stage.tokens.owner, stage.undo)
      const answers = await Promise.all((tries % 2 ? [purge, undo, purge] : [undo, purge, purge]).map((call) => call()))
      const [receipt] = (await made<Wipe[]>(cast.people.owner.token, `GET /orgs/acme/projects/${stage.slug}/wipes`)).filter(
        ({ id }) => id === stage.wipeId,
      )
      expect(sorted(answers)).toEqual(receipt!.state === 'restored' ? [200, 409, 409] : [200, 410, 410])
      expect(await eventsOf(stage.id, 'wipe.purged')).toHaveLength(receipt!.state === 'restored' ? 0 : 1)
    }
  })
})
