import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '#contract/operations'
import { v1Operations } from '#contract/v1/operations'
import { sealAudit } from '#domain/audit/sealing'
import { verifyAudit } from '#domain/audit/verification'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import type { Answer, Who } from '../support/http/client.ts'
import { exampleOf, nameOf, requestOf, sentBy } from '../support/http/examples.ts'
import { startHostileProvider } from '../support/servers/hostile-provider.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { type V1Example, v1ExamplesOf } from '../support/v1/examples.ts'

/*
 * Each mutation of both APIs writes exactly one event, and a refused one none, tried by real requests. A new operation is
 * included automatically: it needs its example, and an entry below only if it follows another rule.
 */

type Rule = {
  why: string
  /** The actions that it writes, in order. */
  writes: string[]
  /** Repeated consecutive actions are listed once. */
  inRuns?: true
  /** The actions of the same call sent again, where it is accepted again. */
  again?: string[]
  /** The status of a replay with the same key, when the first call took the caller's right to it. */
  refusedReplay?: number
  /** The event is in a project that the URL does not name. */
  inProject?: true
  /** The kind of actor of each action, where it is not the caller. */
  by?: Record<string, string>
  /** Rows are refused one by one: the status of the whole. */
  refusedRows?: number
}

/** Operations that do not write exactly one event, by the caller, in what the URL names. */
const otherwise: Record<string, Rule> = {
  'POST /session': {
    why: 'signing in changes nothing in an organization; the account’s sessions list it with address and device',
    writes: [],
  },
  'POST /session/second-factor': { why: 'the second step of signing in: as for signing in', writes: [] },
  'POST /session/passkey': { why: 'signing in with a passkey: as for signing in', writes: [] },
  'POST /session/second-factor/options': {
    why: 'only issues a challenge; the answer to it changes something',
    writes: [],
  },
  'POST /session/passkey/options': { why: 'only issues a challenge', writes: [] },
  'POST /me/passkeys/options': {
    why: 'only issues a challenge; the answer adds the passkey and is an event',
    writes: [],
  },
  'POST /me/reauthentication/options': { why: 'only issues a challenge; confirming the sign-in is the event', writes: [] },
  'POST /me/totp': {
    why: 'a secret has no effect until its first code, which is the event; it is forgotten after ten minutes',
    writes: [],
  },
  'POST /me/identities': {
    why: 'only sends the browser to the sign-in provider; linking the account on return is the event',
    writes: [],
  },
  'POST /password-resets': {
    why: 'anybody can ask for any address, and only a mail is sent; the new password is the event',
    writes: [],
  },
  'POST /me/notices/read': { why: 'only the reader’s own mark changes; the notice itself comes from an event', writes: [] },
  'PATCH /me/notices/{noticeId}': { why: 'only the reader’s own marks change', writes: [] },
  'PUT /orgs/{orgId}/favorites/{projectId}': { why: 'only the caller’s own list of favorites changes', writes: [] },
  'DELETE /orgs/{orgId}/favorites/{projectId}': { why: 'as for adding one', writes: [] },
  'POST /orgs/{orgId}/webhooks/{webhookId}/test': {
    why: 'sends a test message to the webhook’s own receiver; the delivery log lists it',
    writes: [],
  },
  'POST /orgs/{orgId}/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver': {
    why: 'sends the same message to the same receiver again; the delivery log lists it',
    writes: [],
  },
  'POST /orgs/{orgId}/projects/{projectId}/view-as': {
    why: 'one event, but the session is read-only from then on and can’t repeat the call',
    writes: ['member.viewed'],
    refusedReplay: 403,
  },
  'DELETE /me/view-as': {
    why: 'the session names the viewed project, not the URL',
    writes: ['member.viewing-ended'],
    inProject: true,
  },
  'POST /v1/agents/{agentID}/metrics': {
    why: 'a machine’s heartbeat, several a minute; only its time is stored, and the agent shows it',
    writes: [],
  },
  'POST /v1/agent_metrics': { why: 'the same heartbeat, under another path', writes: [] },
  'POST /v1/agents/{agentID}/errors': {
    why: 'a machine’s own report, which may come every few seconds; the agent’s list of errors shows it',
    writes: [],
  },
  'POST /v1/aggregators/{aggregatorID}/ping': { why: 'a machine’s heartbeat, several a minute', writes: [] },
  'POST /invitations/{token}/accept': {
    why: 'a new person becomes a user first, which is an event outside any organization, and then a member',
    writes: ['user.created', 'organization.member-added'],
    by: { 'user.created': 'system', 'organization.member-added': 'user' },
  },
  'POST /v1/join_project': {
    why: 'the link names the project and the invitee, not the URL',
    writes: ['member.added'],
    by: { 'member.added': 'user' },
    inProject: true,
  },
  'POST /orgs/{orgId}/invitations': {
    why: 'one for each address, and one for each older invitation that it replaces and whose link stops working',
    writes: ['invitation.created'],
    again: ['invitation.revoked', 'invitation.created'],
  },
  'POST /orgs/{orgId}/projects': { why: 'the event belongs to the new project', writes: ['project.created'], inProject: true },
  'POST /v1/projects': {
    why: 'also creates the token `default`, which has an event of its own',
    writes: ['project.created', 'token.created'],
    inProject: true,
  },
  'POST /orgs/{orgId}/sample-project': {
    why: 'each part is created by its ordinary verb, which writes its own event',
    writes: [
      'project.created',
      'environment.created',
      'catalog.applied',
      'entity.metrics-pushed',
      'cell.member-added',
      'catalog.applied',
      'entity.metrics-pushed',
      'cell.member-added',
    ],
    inRuns: true,

    inProject: true,
  },
  'POST /orgs/{orgId}/file/plan': { why: 'what it does is rolled back', writes: [] },
  'POST /orgs/{orgId}/file/apply': {
    why: 'one for each change, in the change’s project, as the request for that change alone writes it',
    writes: ['environment.created'],
    inProject: true,
  },
  'POST /orgs/{orgId}/member-changes': {
    why: 'one for each changed row, in the row’s project; each row succeeds or fails by itself',
    writes: ['member.added'],
    inProject: true,
    refusedRows: 207,
  },
}

/** Requests that come first, so that the example has something to change. */
const first: Record<string, (example: V1Example) => [request: string, json?: unknown, as?: Who]> = {
  'DELETE /{o}/{p}/envs/{envName}/cells/{name}/members/{entityId}': ({ params }) => [
    requestOf('PUT /{o}/{p}/envs/{envName}/cells/{name}/members/{entityId}', params),
  ],
  'DELETE /{o}/{p}/envs/{envName}/secrets/{name}/value': ({ params }) => [
    requestOf('PUT /{o}/{p}/envs/{envName}/secrets/{name}/value', params),
    { value: 'correct horse' },
  ],
  // The revision created it, so it exists.
  'POST /{o}/{p}/catalog-revisions/{revisionId}/apply': ({ params }) => [
    requestOf('DELETE /{o}/{p}/envs/default/secrets/license', params),
  ],
  'DELETE /me/view-as': ({ params, as }) => [
    requestOf('POST /orgs/{orgId}/projects/{projectId}/view-as', params),
    { userId: params['userId'] },
    as,
  ],
}

/** Registering the first owner succeeds only before there is any user; the setup tests cover it. */
const impossible = new Set(['POST /setup/owner'])

type Operation = { name: string; status: number; open: boolean; session: boolean; versioned: boolean; json: boolean }

const changing = ({ method, path, status }: { method: string; path: string; status: number }) =>
  method !== 'GET' && status !== 501 && !impossible.has(nameOf({ method, path }))

const dialects: Record<'Org API' | 'v1 API', Operation[]> = {
  'Org API': operations.filter(changing).map((operation) => ({
    name: nameOf(operation),
    status: operation.status,
    open: operation.permission === 'public' || operation.permission === 'anybody',
    session: operation.permission === 'session',
    versioned: 412 in operation.errors,
    json: operation.body !== undefined,
  })),
  'v1 API': v1Operations.filter(changing).map((operation) => ({
    name: nameOf(operation),
    status: operation.status,
    open: false,
    session: false,
    versioned: false,
    json: operation.body !== undefined,
  })),
}
type Dialect = keyof typeof dialects

let lane: Lane
let cast: Cast
const provider = await startHostileProvider()
beforeAll(async () => {
  lane = await startLane()
  Object.assign(process.env, provider.settings)
  cast = await createCast(lane.db)
})
afterAll(async () => {
  await lane.stop()
  await provider.stop()
})

let counter = 0
async function setting(dialect: Dialect, name: string): Promise<{ stage: Stage; example: V1Example }> {
  const stage = await cast.project(`one-event-${++counter}`)
  const example: V1Example =
    dialect === 'v1 API' ? (await v1ExamplesOf(lane.send, cast, stage))[name]! : await exampleOf(lane.send, cast, stage, name)
  const [request, json, as = stage.tokens.owner] = first[name]?.(example) ?? []
  if (request) {
    const { status, text } = await lane.send(as, request, { json })
    if (status >= 300) throw new Error(text)
  }
  await written()
  return { stage, example }
}

/** Returns the events written since the last call. Earlier ones are sealed. */
async function written() {
  const events = await lane.db.selectFrom('audit_events').selectAll().where('seq', 'is', null).orderBy('id').execute()
  if (events.length > 0) await sealAudit(lane.db)
  return events
}
const actionsOf = (name: string, events: { action: string }[]) =>
  events.map(({ action }) => action).filter((action, i) => !otherwise[name]?.inRuns || action !== events[i - 1]?.action)

type Sent = Parameters<Lane['send']>[2] & { as?: Who; params?: Record<string, string>; after?: string }

/** The valid call, with changes that make it wrong or extend it. */
function call(name: string, example: V1Example, { as, params, after, ...sent }: Sent = {}): Promise<Answer> {
  const right: Sent = example.raw ? { raw: example.raw, headers: { 'content-type': 'application/x-msgpack' } } : sentBy(example)
  const body: Sent = 'json' in sent || 'raw' in sent ? {} : right
  const headers = { ...body.headers, ...sent.headers }
  const url = requestOf(name, { ...example.params, ...params }) + (after ?? example.after ?? '')
  return lane.send(as === undefined ? example.as : as, url, { ...body, ...sent, headers })
}

const UNKNOWN = '019aa000-0000-7000-8000-000000000000'

/** Every refusal that applies, with the statuses that it may have. */
function refusals(operation: Operation, { body, params, lines }: V1Example, stage: Stage): [string, Sent, number[]][] {
  const { name, open, session, versioned, json } = operation
  const last = [...name.matchAll(/\{(\w+)\}/g)].at(-1)?.[1]
  const isV1 = name.includes(' /v1/')
  const proven: [string, Sent, number[]][] = [['nobody', { as: null }, [401]]]
  if (session) proven.push(['a token where a session is asked for', { as: cast.people.orgOwner.token }, [403]])
  else {
    proven.push(['a token that is none', { as: 'bhu_nonsense' }, [401]])
    // Operations on the caller's own things are open to strangers, for their own.
    const ownAffair = ['POST /v1/projects', 'POST /v1/join_project', 'POST /me/notices/read'].includes(name)
    // Anybody may remove their own personal tokens, but not another person's.
    if (!ownAffair) proven.push(['a stranger', { as: cast.stranger.token }, [401, 403, 404]])
    // Everybody in the organization keeps favorites of their own.
    const isOfEverybody = name.includes('/favorites/')
    if (!ownAffair && !isOfEverybody) proven.push(['a viewer', { as: cast.people.viewer.token }, [403, 404]])
    proven.push(['a token that may only read', { as: stage.tokens.readOnly }, [401, 403, 404]])
  }
  const wrong: [string, Sent, number[]][] = []
  if (json) {
    wrong.push(['half a document', { raw: '{"name":', headers: { 'content-type': 'application/json' } }, [400, 422]])
    wrong.push(['a list', { json: [] }, [400, 422]])
    if (!isV1) wrong.push(['an unknown field', { json: { ...body, surprise: 1 } }, [400]])
  } else if (lines) {
    wrong.push(['half a line', { raw: '{"kind":', headers: { 'content-type': 'application/x-ndjson' } }, [400]])
    wrong.push(['no lines at all, but JSON', { json: {} }, [415]])
  } else if (!isV1) wrong.push(['an unknown parameter', { after: '?surprise=1' }, [400]])
  if (last) wrong.push([`an unknown ${last}`, { params: { ...params, [last]: UNKNOWN } }, [400, 401, 403, 404, 410]])
  if (versioned) wrong.push(['an older version', { headers: { 'if-match': '"20000101000000000000-x"' } }, [412]])
  return [...(open ? [] : proven), ...wrong]
}

/** The database id of the project that the URL names. */
async function projectIn({ params }: V1Example, name: string): Promise<string | null> {
  if (/\/v1\/(projects\/\{projectID\}|project_tokens|members|environments|agents|aggregators)/.test(name))
    return params['projectID']!
  const named = name.includes('{p}') ? params['p']! : name.includes('{projectId}') ? params['projectId']! : undefined
  if (named === undefined) return null
  const rows = lane.db.selectFrom('projects').select('id')
  const row = await (
    named.length === 36 ? rows.where('id', '=', named) : rows.where('slug', '=', named)
  ).executeTakeFirstOrThrow()
  return row.id
}

/** The actor that the event must name. */
function actorOf({ as, email }: V1Example): { actor_kind: string; actor_name: string } {
  const isToken = typeof as === 'object' && as !== null && 'x-project-token' in as
  if (isToken) return { actor_kind: 'project_token', actor_name: 'ci' }
  return { actor_kind: 'user', actor_name: email ?? cast.people.orgOwner.email }
}

const anyAction = expect.stringMatching(/^[a-z-]+\.[a-z-]+$/) as string
type Event = Awaited<ReturnType<typeof written>>[number]

/** The expected events: who did it, where, and by which request. */
async function expectedEvents({ name }: Operation, example: V1Example, answer: Answer, events: Event[]) {
  const rule = otherwise[name]
  const named = await projectIn(example, name)
  const anything = expect.any(String) as string
  return events.map(({ action }) => {
    const inOrganization = /\{orgId\}|\{o\}| \/v1\//.test(name) || rule?.inProject || action.startsWith('organization.')
    const by = rule?.by ? { actor_kind: rule.by[action] } : { ...actorOf(example), actor_id: anything }
    return {
      action,
      ...by,
      org_id: inOrganization ? cast.world.org.id : null,
      project_id: rule?.inProject ? anything : named,
      request_id: answer.headers.get('x-request-id'),
      address: '127.0.0.1',
      // The secret of a link is not stored.
      url: requestOf(name, { ...example.params, token: '{token}' }).replace(/^\w+ /, ''),
      response_code: answer.status,
    }
  })
}

/** Calls that should be refused and are not, and refusals that wrote an event. */
async function surprisingRefusals(operation: Operation, example: V1Example, stage: Stage): Promise<string[]> {
  const { name } = operation
  const surprising: string[] = []
  for (const [what, sent, statuses] of refusals(operation, example, stage)) {
    const { status, text } = await call(name, example, sent)
    const events = await written()
    const fits = statuses.includes(status) || status === otherwise[name]?.refusedRows
    if (!fits || events.length > 0) surprising.push(`${what}: ${status} ${text}, ${events.length} events`)
  }
  return surprising
}

/** The number of events that a dry run wrote, if there is one. Afterwards the example is no longer a dry run. */
async function eventsOfDryRun(name: string, example: V1Example): Promise<number> {
  if (!example.body || !('dryRun' in example.body)) return 0
  const { status, text } = await call(name, example, { json: { ...example.body, dryRun: true } })
  if (status >= 300) throw new Error(text)
  example.body['dryRun'] = false
  return (await written()).length
}

/** The number of events written by a replay of a call that was already answered under this key. */
async function eventsOfReplay(name: string, example: V1Example, headers: Record<string, string>): Promise<number> {
  const { status, text, headers: answered } = await call(name, example, { headers })
  const isRefused = status === otherwise[name]?.refusedReplay
  if (!isRefused && answered.get('idempotency-replayed') !== 'true') throw new Error(`was not replayed: ${text}`)
  return (await written()).length
}

/** The same call again is refused because of the first, has no effect, or is done again. */
function actionsAllowedAgain(name: string, first: Event[], status: number): string[][] {
  return status >= 400 ? [[]] : [[], otherwise[name]?.again ?? actionsOf(name, first)]
}

describe.each(Object.keys(dialects) as Dialect[])('%s: each mutation writes exactly one event, a refused one none', (dialect) => {
  test.each(dialects[dialect])('$name', async (operation) => {
    const { name } = operation
    const { stage, example } = await setting(dialect, name)
    expect(await surprisingRefusals(operation, example, stage)).toEqual([])
    expect(await eventsOfDryRun(name, example)).toBe(0)

    // Operations on the session itself run again or are refused, because their answers are not stored.
    const isReplayable = name.startsWith('POST ') && !operation.open && !operation.session && !example.lines
    const key: Record<string, string> = isReplayable ? { 'idempotency-key': `key-${counter}` } : {}
    const answer = await call(name, example, { headers: key })
    expect(answer.status, answer.text).toBeLessThan(300)
    const events = await written()
    expect(actionsOf(name, events)).toEqual(otherwise[name]?.writes ?? [anyAction])
    expect(events).toMatchObject(await expectedEvents(operation, example, answer, events))

    expect(isReplayable ? await eventsOfReplay(name, example, key) : 0).toBe(0)
    const again = await call(name, example)
    expect(actionsAllowedAgain(name, events, again.status)).toContainEqual(actionsOf(name, await written()))
  })
})

test('has a special rule only for operations that exist', () => {
  const names = Object.values(dialects).flatMap((all) => all.map(({ name }) => name))
  expect(Object.keys(otherwise).filter((name) => !names.includes(name))).toEqual([])
})

test('leaves one complete audit log', async () => {
  await sealAudit(lane.db)
  let events = 0
  for await (const { findings, head } of verifyAudit(lane.db)) {
    expect(findings).toEqual([])
    events += head?.seq ?? 0
  }
  expect(events).toBeGreaterThan(1000)
})
