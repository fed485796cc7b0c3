import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { InvitePeople } from '#contract/organizations/invitations'
import { invitePeople } from '#domain/organizations/organization-invitations'
import { cli, createUser } from '#domain/accounts/users'
import { createProject } from '#domain/projects/projects'
import { getUsage, setQuotas } from '#domain/limits/quotas'
import { createWorld } from '#test/support/world/world'
import { createPersonalToken, createToken } from '#domain/tokens/tokens'
import { newMeter } from '#server/http/rate-limit'
import { limits } from '#server/front/limits'
import { personalToken } from '#test/support/world/cast'
import { type Lane, startLane } from '#test/support/http/lane'
import { progress, report, scaleOf } from '#test/support/outcome'
import { addOrganizationMember } from '#domain/organizations/members'

// A process has one meter, with the limit that it finds first.
vi.hoisted(() => vi.resetModules())
afterAll(() => vi.resetModules())

/** How hard each limit is hit: callers at once, rounds of a race, megabytes of garbage. */
const SCALE = scaleOf('limits', 4)
const LIMIT = 50

let lane: Lane
beforeAll(async () => {
  vi.stubEnv('BULKHEAD_RATE_LIMIT', String(LIMIT))
  vi.stubEnv('BULKHEAD_INVITATIONS_PER_HOUR', '5')
  lane = await startLane()
})
afterAll(async () => {
  await lane.stop()
  vi.unstubAllEnvs()
})

const failures: string[] = []
let tried = 0
function hold(what: string, is: unknown, should: unknown) {
  tried++
  if (JSON.stringify(is) !== JSON.stringify(should))
    failures.push(`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(should)}`)
}
const many = <T>(n: number, make: (i: number) => Promise<T>) => Promise.all(Array.from({ length: n }, (_, i) => make(i)))
const codeOf = (error: unknown) => (error as { code?: string }).code ?? String(error)
const letIn = async (calls: Promise<unknown>[]) => {
  const settled = await Promise.allSettled(calls)
  const refused = settled.flatMap((one) => (one.status === 'rejected' ? [codeOf(one.reason)] : []))
  return { let: settled.length - refused.length, refused: [...new Set(refused)] }
}

/** Far more callers than fit, some of them far too often: memory stays bounded, and no busy caller exceeds their limit. */
function hammerMeter() {
  const half = 1000
  const meter = newMeter(LIMIT, half)
  const through = new Map<string, number>()
  const callers = 10_000 * SCALE
  for (let i = 0; i < callers; i++) {
    meter.take(`address ${i}`, i / callers)
    const busy = `busy ${i % 7}`
    if (meter.take(busy, i / callers).waits === 0) through.set(busy, (through.get(busy) ?? 0) + 1)
  }
  hold('callers in memory', meter.size() <= 2 * half, true)
  hold('calls of the busy', [...new Set(through.values())], [LIMIT])
}

/**
 * Many calls at once with several tokens and without one: each caller gets exactly their limit, and each answer says what is
 * left.
 */
async function hammerRate(tokens: string[]) {
  const began = Date.now()
  const answers = await many(tokens.length, (i) => many(LIMIT + 5 * SCALE, () => lane.send(tokens[i]!, 'GET /orgs')))
  // The calls that each caller has regained in the meantime.
  const back = Math.ceil(((Date.now() - began) / 60_000) * LIMIT)
  for (const own of answers) {
    const good = own.filter(({ status }) => status === 200).length
    hold(`calls let through, ${good}`, good >= LIMIT && good <= LIMIT + back, true)
    for (const { status, headers, body } of own) {
      const says = /^"credential";r=\d+;t=\d+$/.test(headers.get('ratelimit') ?? '')
      const fits = status === 200 || (status === 429 && body.code === 'rate_limited' && Number(headers.get('retry-after')) > 0)
      hold(`an answer ${status}`, says && fits, true)
    }
  }
}

/** Connections that send too much or nothing: each ends with a refusal, and others are served meanwhile. */
async function hammerConnections() {
  const wrong = [
    `GET /${'x'.repeat(limits.urlBytes)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
    `GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${'x: y\r\n'.repeat(limits.headers)}\r\n`,
    `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(limits.headerBytes)}\r\n\r\n`,
  ]
  const settled = await many(30 * SCALE, async (i) => {
    const socket = connect(lane.port, '127.0.0.1')
    let text = ''
    socket.on('data', (data) => (text += data.toString())).on('error', () => {})
    socket.write(wrong[i % wrong.length]!)
    // A connection that is cut while it still sends may end with a reset. Its answer arrived before.
    await new Promise((resolve) => socket.once('close', resolve))
    return text.slice(0, 12)
  })
  settled.forEach((line, i) => hold('a connection', line, ['HTTP/1.1 414', 'HTTP/1.1 431', 'HTTP/1.1 431'][i % 3]))
  hold('the server', (await lane.send(null, 'GET /healthz')).status, 200)
}

/** Many at once at a quota with five places: five get in. */
async function hammerQuotas(round: number) {
  const world = await createWorld(lane.db, `limits-${round}`)
  const { org, root } = world
  const context = await world.at(root)
  const project = await world.project('home')
  const inside = await world.inside(project)
  const users = await many(20, (i) => createUser(lane.db, { email: `r${round}-${i}@limits.test`, name: 'R' }))
  await setQuotas(lane.db, cli, org, { projects: 6, members: 6, tokens: 5 })
  const five = { let: 5, refused: ['quota_reached'] }
  const [projects, tokens, members] = await Promise.all([
    letIn(Array.from({ length: 20 }, (_, i) => createProject(context, { name: 'P', slug: `p-${i}` }))),
    letIn(
      Array.from({ length: 20 }, (_, i) =>
        i % 2 === 0 ? createToken(inside, { name: 't', role: 'member' }) : createPersonalToken(context, { name: 't' }),
      ),
    ),
    letIn(users.map((user) => addOrganizationMember(lane.db, org, user, 'member'))),
  ])
  hold('projects', projects, five)
  hold('tokens', tokens, five)
  hold('members', members, five)
  const usage = await getUsage(context)
  hold('what is there', [usage.projects.used, usage.tokens.used, usage.members.used], [6, 5, 6])
  await setQuotas(lane.db, cli, org, { members: 0 })
  const asked = await many(10, (i) =>
    invitePeople(context, InvitePeople.parse({ invitations: [{ email: `m${round}-${i}@limits.test` }] })),
  )
  hold('mails', asked.flatMap(({ results }) => results).filter(({ error }) => error === null).length, 5)
}

test('exceeds no limit, however many callers try at once', { timeout: 0 }, async () => {
  const { db } = lane
  const world = await createWorld(db, 'limits')
  const tokens = await many(4, () => personalToken(db, world.root, world.org.id))
  hammerMeter()
  await hammerRate(tokens)
  await hammerConnections()
  const rounds = Math.ceil(SCALE / 5)
  for (let round = 0; round < rounds; round++) {
    progress(round, rounds, 'rounds')
    await hammerQuotas(round)
  }
  expect(report({ what: 'a limit held against many at once', tried, failures })).toEqual([])
})
