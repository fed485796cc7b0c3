import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditEvent } from '#contract/audit/events'
import type { Notice } from '#contract/notices/notices'
import type { Wipe } from '#contract/nuke/nuke'
import { deliveryToSend } from '#domain/webhooks/deliveries'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import type { Who } from '../support/http/client.ts'
import { done } from '../support/http/done.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { browser } from '../support/http/session.ts'

let lane: Lane
let cast: Cast
let stage: Stage
let session: Record<string, string>
let n = 0
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  session = await browser(cast.people.orgOwner.credentialId)
})
afterAll(() => lane.stop())

const owner = () => cast.people.orgOwner.token

const made = <Body>(as: Who, request: string, json?: unknown) => done<Body>(lane.send, as, request, json)

/** A project with a row of data. */
async function filled() {
  const made = await cast.project(`reasons-${++n}`)
  await lane.send(made.tokens.owner, `POST /acme/${made.slug}/entity-types`, {
    json: { name: 'server', states: ['up'], initialState: 'up' },
  })
  return made
}

const newest = async (action: string) =>
  (await made<AuditEvent[]>(owner(), `GET /orgs/acme/audit-events?project=${stage.id}&action=${action}&limit=1`))[0]!

const noticeOf = async (id: string) =>
  (await made<Notice[]>(owner(), 'GET /me/notices?limit=200')).find((notice) => notice.id === id)

const receipts = () => made<Wipe[]>(owner(), `GET /orgs/acme/projects/${stage.slug}/wipes`)

describe('a reason is kept in the audit event, the receipt and the notices', () => {
  test('of a nuke and its undo', async () => {
    stage = await filled()
    const { wipeId } = await made<{ wipeId: string }>(owner(), `DELETE /acme/${stage.slug}/nuke`, { reason: ' Wrong région ' })
    const nuked = await newest('project.nuked')
    expect(nuked.after).toEqual({ wipeId, reason: 'Wrong région' })
    expect(await noticeOf(nuked.id)).toMatchObject({ kind: 'nuked', reason: 'Wrong région' })
    expect(await receipts()).toMatchObject([
      { id: wipeId, reason: 'nuke', statedReason: 'Wrong région', restoredAt: null, restoreReason: null },
    ])
    await made(stage.tokens.owner, `POST /acme/${stage.slug}/entity-types`, {
      name: 'other',
      states: ['up'],
      initialState: 'up',
    })
    await made(owner(), `POST /orgs/acme/projects/${stage.slug}/wipes/${wipeId}/restore`, { reason: 'It was the right one' })
    const undone = await newest('project.undone')
    expect(undone.after).toMatchObject({ reason: 'It was the right one' })
    expect(await noticeOf(undone.id)).toMatchObject({ kind: 'undone', reason: 'It was the right one' })
    expect(await receipts()).toMatchObject([
      { reason: 'undo', statedReason: 'It was the right one', restoreReason: null },
      { id: wipeId, statedReason: 'Wrong région', restoreReason: 'It was the right one' },
    ])
  })

  test('of a deletion and its restore', async () => {
    stage = await filled()
    await made(owner(), `DELETE /orgs/acme/projects/${stage.slug}`, { reason: 'Moved to another organization' })
    const deleted = await newest('project.deleted')
    expect(deleted.after).toEqual({ reason: 'Moved to another organization' })
    expect(await noticeOf(deleted.id)).toMatchObject({ kind: 'deleted', reason: 'Moved to another organization' })
    const list = () => made<{ id: string }[]>(owner(), 'GET /orgs/acme/deleted-projects')
    expect((await list()).find(({ id }) => id === stage.id)).toMatchObject({ reason: 'Moved to another organization' })
    await made(owner(), `POST /orgs/acme/projects/${stage.id}/restore`, { reason: 'Not moved after all' })
    const restored = await newest('project.restored')
    expect(restored.after).toMatchObject({ slug: stage.slug, reason: 'Not moved after all' })
    expect(await noticeOf(restored.id)).toMatchObject({ kind: 'restored', reason: 'Not moved after all' })
    await made(owner(), `DELETE /orgs/acme/projects/${stage.slug}`)
    expect((await list()).find(({ id }) => id === stage.id)).toMatchObject({ reason: null })
  })

  test('of a deletion through the v1 API', async () => {
    stage = await filled()
    const personal = await lane.send(owner(), `DELETE /v1/projects/${stage.id}`, { json: { reason: '\u202Egnp.exe' } })
    expect([personal.status, personal.body]).toMatchObject([422, { error: 'invalid reason' }])
    await made(owner(), `DELETE /v1/projects/${stage.id}`, { reason: 'Through v1', unknown: true })
    expect((await newest('project.deleted')).after).toEqual({ reason: 'Through v1' })
    stage = await filled()
    await made(owner(), `DELETE /v1/projects/${stage.id}`)
    expect((await newest('project.deleted')).after).toBeNull()
  })

  test('and is sent to webhooks', async () => {
    stage = await filled()
    const { id } = await made<{ id: string }>(owner(), 'POST /orgs/acme/webhooks', {
      url: 'https://siem.example.com/hook',
      events: ['project.deleted'],
    })
    await made(owner(), `DELETE /orgs/acme/projects/${stage.slug}`, { reason: 'For the receiver' })
    const event = await newest('project.deleted')
    const sent = await deliveryToSend(lane.db, { org_id: cast.world.org.id, webhook_id: id, id: event.id, tries: 1 })
    expect(JSON.parse((sent as { body: string }).body)).toMatchObject({
      action: 'project.deleted',
      after: { reason: 'For the receiver' },
    })
    await made(owner(), `DELETE /orgs/acme/webhooks/${id}`)
  })
})

test('a body, a reason, or both may be absent, for tokens and in a browser', async () => {
  stage = await filled()
  const at = `/orgs/acme/projects`
  const { wipeId } = await made<{ wipeId: string }>(stage.tokens.admin, `DELETE /acme/${stage.slug}/nuke`)
  expect((await newest('project.nuked')).after).toEqual({ wipeId })
  await made(stage.tokens.admin, `POST ${at}/${stage.slug}/wipes/${wipeId}/restore`)
  expect((await newest('project.undone')).after).toEqual({ rowCountsRestored: expect.anything(), replacedBy: null })
  await made(session, `DELETE /acme/${stage.slug}/nuke`, { confirm: stage.slug, reason: null })
  await made(session, `DELETE ${at}/${stage.slug}`, {})
  await made(session, `POST ${at}/${stage.id}/restore`, { reason: null })
  await made(stage.tokens.admin, `DELETE ${at}/${stage.slug}`)
  await made(session, `POST ${at}/${stage.id}/restore`)
  expect(await receipts()).toMatchObject([{ statedReason: null }, { statedReason: null, restoreReason: null }])
})

describe('where the organization requires a reason for a nuke', () => {
  type Organization = { requireNukeReason: boolean; name: string }
  const require = (requireNukeReason: boolean) => made<Organization>(owner(), 'PATCH /orgs/acme', { requireNukeReason })
  const nuke = (as: Who, json = {}) => lane.send(as, `DELETE /acme/${stage.slug}/nuke`, { json })
  beforeAll(async () => void (await require(true)))
  afterAll(async () => void (await require(false)))

  test.for<[string, object]>([
    ['no reason', {}],
    ['null', { reason: null }],
  ])('refuses a browser session that gives %s, and nukes nothing', async ([, body]) => {
    stage = await filled()
    const refused = await nuke(session, { confirm: stage.slug, ...body })
    expect(refusalOf(refused)).toBe('400 reason_required')
    expect(refused.body).toMatchObject({
      error: expect.stringContaining('requires a reason'),
      details: [{ path: 'reason', message: 'is required in this organization' }],
    })
    expect(await receipts()).toEqual([])
    await made(session, `DELETE /acme/${stage.slug}/nuke`, { confirm: stage.slug, reason: 'x'.repeat(500) })
    expect(await receipts()).toMatchObject([{ statedReason: 'x'.repeat(500) }])
  })

  test('asks no token for one, whether personal or of the project', async () => {
    for (const as of ['owner', 'admin'] as const) {
      stage = await filled()
      expect(await nuke(stage.tokens[as])).toMatchObject({ status: 200 })
    }
    stage = await filled()
    expect(await nuke(owner())).toMatchObject({ status: 200 })
  })

  test('says so in the preview, and lets an undo and a deletion go without', async () => {
    stage = await filled()
    const preview = () => made<{ reasonRequired: boolean }>(session, `GET /acme/${stage.slug}/nuke/preview`)
    expect(await preview()).toMatchObject({ reasonRequired: true })
    const { wipeId } = await made<{ wipeId: string }>(owner(), `DELETE /acme/${stage.slug}/nuke`)
    await made(session, `POST /orgs/acme/projects/${stage.slug}/wipes/${wipeId}/restore`)
    await require(false)
    expect(await preview()).toMatchObject({ reasonRequired: false })
    await made(session, `DELETE /acme/${stage.slug}/nuke`, { confirm: stage.slug })
    await require(true)
    await made(session, `DELETE /orgs/acme/projects/${stage.slug}`)
  })

  test('records who changed the rule, only when it changed', async () => {
    const changes = async () =>
      (await made<AuditEvent[]>(owner(), 'GET /orgs/acme/audit-events?action=organization.updated&limit=200')).filter(
        ({ after }) => JSON.stringify(after).includes('requireNukeReason'),
      )
    const before = (await changes()).length
    expect(await require(true)).toMatchObject({ requireNukeReason: true })
    expect(await changes()).toHaveLength(before)
    expect(await require(false)).toMatchObject({ requireNukeReason: false })
    const [newest, ...earlier] = await changes()
    expect(earlier).toHaveLength(before)
    expect(newest).toMatchObject({ before: { requireNukeReason: true }, after: { requireNukeReason: false } })
    await require(true)
  })

  test('is a rule that only an admin or owner of the organization changes, with true or false', async () => {
    for (const { token } of [cast.people.orgMember, cast.people.owner])
      expect(refusalOf(await lane.send(token, 'PATCH /orgs/acme', { json: { requireNukeReason: false } }))).toBe('403 forbidden')
    for (const requireNukeReason of ['yes', 1, null])
      expect(refusalOf(await lane.send(owner(), 'PATCH /orgs/acme', { json: { requireNukeReason } }))).toBe('400 invalid_request')
    expect(await made<Organization>(owner(), 'GET /orgs/acme')).toMatchObject({ requireNukeReason: true })
  })
})

describe('takes one visible line of at most 500 characters', () => {
  const refused: Record<string, unknown> = {
    '501 characters': 'x'.repeat(501),
    'two megabytes': 'x'.repeat(2 * 1024 * 1024),
    'spaces alone': '   ',
    'no text': '',
    'two lines': 'one\ntwo',
    'an override of direction': 'see \u202Egnp.exe',
    'an isolate of direction': '\u2067abc\u2069',
    'nothing visible': '\u200B\u2060',
    'a NUL': 'a\0b',
    'no string': 5,
    'a list': ['a'],
  }
  const targets = {
    nuke: (slug: string) => [`DELETE /acme/${slug}/nuke`],
    deletion: (slug: string) => [`DELETE /orgs/acme/projects/${slug}`],
    'undo and restore': (slug: string, id: string, wipeId: string) => [
      `POST /orgs/acme/projects/${slug}/wipes/${wipeId}/restore`,
      `POST /orgs/acme/projects/${id}/restore`,
    ],
  }
  test.for(Object.keys(targets) as (keyof typeof targets)[])('%s', async (what) => {
    stage = await filled()
    const { wipeId } = await made<{ wipeId: string }>(owner(), `DELETE /acme/${stage.slug}/nuke`)
    for (const request of targets[what](stage.slug, stage.id, wipeId)) {
      for (const [why, reason] of Object.entries(refused)) {
        const expected = why === 'two megabytes' ? '413 body_too_large' : '400 invalid_request'
        expect([why, refusalOf(await lane.send(owner(), request, { json: { reason } }))]).toEqual([why, expected])
      }
      expect(refusalOf(await lane.send(owner(), request, { json: { because: 'x' } }))).toBe('400 invalid_request')
      expect(refusalOf(await lane.send(owner(), request, { raw: 'x', headers: { 'content-type': 'text/plain' } }))).toBe(
        '415 unsupported_media_type',
      )
    }
  })

  test('composed, trimmed, and in any script', async () => {
    stage = await filled()
    for (const [reason, stored] of [
      [`  ${'é'.normalize('NFD').repeat(500)} `, 'é'.repeat(500)],
      ['区域を間違えました 🧑‍🚒', '区域を間違えました 🧑‍🚒'],
      ['=1+1, "quoted"; <b>', '=1+1, "quoted"; <b>'],
    ]) {
      await made(owner(), `DELETE /acme/${stage.slug}/nuke`, { reason })
      expect((await newest('project.nuked')).after).toMatchObject({ reason: stored })
    }
  })
})
