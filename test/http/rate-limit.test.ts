import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Cast, type Stage, createCast } from '../support/world/cast.ts'
import type { Answer, Who } from '../support/http/client.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { browser } from '../support/http/session.ts'
import { countAddress, newMeter } from '#server/http/rate-limit'

// A process has one meter, with the limit that it finds first.
vi.hoisted(() => vi.resetModules())
afterAll(() => vi.resetModules())

const LIMIT = 3

describe('newMeter', () => {
  test('allows a whole minute’s calls at once, and then one each time one is regained', () => {
    const meter = newMeter(60)
    const first = Array.from({ length: 60 }, () => meter.take('ada', 0))
    expect(first.map(({ remaining }) => remaining)).toEqual(Array.from({ length: 60 }, (_, i) => 59 - i))
    expect(first.at(-1)).toEqual({ limit: 60, remaining: 0, resets: 60, waits: 0 })
    expect(meter.take('ada', 0)).toEqual({ limit: 60, remaining: 0, resets: 1, waits: 1 })
    expect(meter.take('ada', 999)).toMatchObject({ waits: 1 })
    expect(meter.take('ada', 1000)).toMatchObject({ waits: 0, remaining: 0 })
    expect(meter.take('ada', 1000)).toMatchObject({ waits: 1 })
    expect(meter.take('ada', 3000)).toMatchObject({ waits: 0, remaining: 1 })
    expect(meter.take('ada', 1_000_000)).toMatchObject({ waits: 0, remaining: 59 })
  })

  test('does not count a refused call', () => {
    const meter = newMeter(1)
    meter.take('ada', 0)
    for (let i = 0; i < 1000; i++) expect(meter.take('ada', i).waits).toBeGreaterThan(0)
    expect(meter.take('ada', 60_000)).toMatchObject({ waits: 0 })
  })

  test.for([1, 7, 59, 6000, 999_999])('allows exactly %s a minute, without rounding errors', (limit) => {
    const meter = newMeter(limit)
    let through = 0
    for (let i = 0; i < limit + 10; i++) if (meter.take('ada', 12_345.678).waits === 0) through++
    expect(through).toBe(limit)
  })

  test.for([0, 245_620.288_001_634_5, 512_846.039_730_015_4])('says when all calls are available again, at %s ms', (now) => {
    expect(newMeter(3).take('ada', now)).toEqual({ limit: 3, remaining: 2, resets: 20, waits: 0 })
  })

  test('counts callers separately', () => {
    const meter = newMeter(1)
    meter.take('ada', 0)
    expect(meter.take('bob', 0)).toMatchObject({ waits: 0 })
    expect(meter.take('ada', 0)).toMatchObject({ waits: 60 })
  })

  test('bounds its memory, and does not forget a caller who keeps asking', () => {
    const meter = newMeter(10, 100)
    let refused = 0
    for (let i = 0; i < 10_000; i++) {
      meter.take(`address ${i}`, 0)
      if (meter.take('busy', 0).waits > 0) refused++
    }
    expect(meter.size()).toBeLessThanOrEqual(200)
    expect(refused).toBe(10_000 - 10)
  })
})

describe('over HTTP', () => {
  let lane: Lane
  let cast: Cast
  let stage: Stage
  beforeAll(async () => {
    process.env['BULKHEAD_RATE_LIMIT'] = String(LIMIT)
    lane = await startLane()
    cast = await createCast(lane.db)
    stage = await cast.project('alpha')
  })
  afterAll(() => lane.stop())

  const limits = ({ headers }: Pick<Answer, 'headers'>) => [headers.get('ratelimit-policy'), headers.get('ratelimit')]
  const times = async (n: number, who: Who, request: string) => {
    const answers: Answer[] = []
    for (let i = 0; i < n; i++) answers.push(await lane.send(who, request))
    return answers
  }

  test('limits each token, reports the limit on every answer, and answers 429 with the time to wait beyond it', async () => {
    const { owner } = cast.people
    const good = await times(LIMIT, owner.token, 'GET /orgs/acme')
    expect(good.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(good.map(limits)).toEqual([
      ['"credential";q=3;w=60', '"credential";r=2;t=20'],
      ['"credential";q=3;w=60', expect.stringMatching(/^"credential";r=1;t=\d+$/)],
      ['"credential";q=3;w=60', expect.stringMatching(/^"credential";r=0;t=\d+$/)],
    ])
    const [refused] = await times(1, owner.token, 'GET /orgs/acme')
    expect(refusalOf(refused!)).toBe('429 rate_limited')
    const waits = Number(refused!.headers.get('retry-after'))
    expect(waits).toBeGreaterThan(0)
    expect(waits).toBeLessThanOrEqual(20)
    expect(refused!.body.error).toBe(`Too many requests. Try again in ${waits} second${waits === 1 ? '' : 's'}`)
    expect(limits(refused!)[1]).toBe(`"credential";r=0;t=${waits}`)
    expect(await lane.send(cast.people.admin.token, 'GET /orgs/acme')).toMatchObject({ status: 200 })
  })

  test('does nothing for a refused call', async () => {
    const who = cast.people.orgAdmin.token
    await times(LIMIT, who, 'GET /orgs/acme')
    const made = await lane.send(who, 'POST /orgs/acme/projects', { json: { name: 'Late', slug: 'late' } })
    expect(refusalOf(made)).toBe('429 rate_limited')
    expect(await lane.db.selectFrom('projects').select('id').where('slug', '=', 'late').execute()).toEqual([])
  })

  test('shares one limit among a person’s browsers, but not with their tokens', async () => {
    const { orgOwner } = cast.people
    const jar = await browser(orgOwner.credentialId)
    await times(LIMIT, jar, 'GET /me')
    expect(refusalOf(await lane.send(jar, 'GET /orgs/acme'))).toBe('429 rate_limited')
    expect(await lane.send(orgOwner.token, 'GET /orgs/acme')).toMatchObject({ status: 200 })
  })

  test('counts both APIs for the same caller, and v1 refuses in its own format', async () => {
    const token = { 'x-project-token': stage.tokens.owner }
    await times(1, token, 'GET /orgs/acme/projects/alpha')
    await times(LIMIT - 1, token, `GET /v1/projects/${stage.id}`)
    const refused = await lane.send(token, `GET /v1/projects/${stage.id}`)
    expect(refused).toMatchObject({ status: 429, body: { error: expect.stringMatching(/^Too many requests/) } })
    expect(Object.keys(refused.body)).toEqual(['error'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(limits(refused)[0]).toBe('"credential";q=3;w=60')
  })

  test('reports the limit on streams, on answers without a body, and on other refusals', async () => {
    const { admin } = stage.tokens
    const exported = await lane.send(admin, 'GET /acme/alpha/export')
    expect(exported.headers.get('content-type')).toMatch('ndjson')
    expect(limits(exported)[1]).toMatch(/r=2/)
    expect(limits(await lane.send(admin, 'HEAD /orgs/acme/projects/alpha'))[1]).toMatch(/r=1/)
    const missing = await lane.send(admin, 'GET /orgs/acme/projects/nowhere')
    expect([missing.status, limits(missing)[1]]).toEqual([404, expect.stringMatching(/r=0/)])
  })

  test('counts callers without a credential by address in both APIs, and others separately', async () => {
    const wrong = ['bhu_' + 'x'.repeat(43), null, 'nonsense']
    const answers: Answer[] = []
    for (const who of wrong) answers.push(await lane.send(who, who === null ? 'GET /openapi.json' : 'GET /orgs'))
    expect(answers.map(({ status }) => status)).toEqual([401, 200, 401])
    expect(answers.map((answer) => limits(answer)[1])).toEqual([
      expect.stringMatching(/^"address";r=2/),
      expect.stringMatching(/^"address";r=1/),
      expect.stringMatching(/^"address";r=0/),
    ])
    for (const [who, request] of [
      [wrong[0]!, 'GET /orgs'],
      [null, 'GET /orgs'],
      [null, 'POST /session'],
      [null, 'GET /v1/projects'],
      [{ 'x-project-token': 'wrong' }, 'GET /v1/projects'],
    ] as const) {
      const refused = await lane.send(who, request)
      expect([refused.status, Number(refused.headers.get('retry-after')) > 0], request).toEqual([429, true])
    }
    expect(await lane.send(cast.people.viewer.token, 'GET /orgs/acme')).toMatchObject({ status: 200 })
  })

  test('never refuses health checks nor reports a limit to them', async () => {
    for (const path of ['/healthz', '/readyz'])
      for (const answer of await times(LIMIT * 3, null, `GET ${path}`))
        expect([answer.status, limits(answer)]).toEqual([200, [null, null]])
  })

  test('counts an IPv6 network as one', () => {
    const from = (address: string) => new Request('http://here/', { headers: { 'x-bulkhead-address': address } })
    for (let i = 1; i <= LIMIT; i++) void countAddress(from(`2001:db8:1:2::${i}`))
    expect(() => countAddress(from('2001:db8:1:2:ffff::1'))).toThrow('Too many requests')
    expect(() => countAddress(from('2001:db8:1:3::1'))).not.toThrow()
  })
})
