import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '#contract/operations'
import { isApiBuilt } from '../../tools/build.mjs'
import { type Cast, createCast } from '../support/world/cast.ts'
import { type Answer, type Who } from '../support/http/client.ts'
import { type Example, examplesOf, nameOf, requestOf } from '../support/http/examples.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { type NextLane, startNext } from '../support/http/next.ts'
import { describePublishedApi } from './published.ts'

const bothLanes = () =>
  describe('both lanes answer alike', () => {
    let next: NextLane
    let lane: Lane
    let cast: Cast
    let examples: Record<string, Example>
    beforeAll(async () => {
      next = await startNext()
      lane = await startLane(next.url)
      cast = await createCast(lane.db)
      const stage = await cast.project('alpha')
      examples = await examplesOf(lane.send, cast, stage)
      const type = { name: 'é & co', states: ['up'], initialState: 'up' }
      await lane.send(stage.tokens.owner, 'POST /acme/alpha/entity-types', { json: type })
    })
    afterAll(async () => {
      await lane.stop()
      await next.stop()
    })

    /** Everything that a client sees, except what differs between any two answers. */
    function seen({ status, headers, body, text }: Answer) {
      const names = ['content-type', 'allow', 'etag', 'link', 'location', 'www-authenticate', 'cache-control', 'retry-after']
      // Our links begin with the origin of each lane.
      const elsewhere = (value: unknown): unknown =>
        JSON.parse(JSON.stringify(value).replaceAll(/http:\/\/(127\.0\.0\.1|localhost):\d+/g, 'http://here'))
      const { requestId: _, ...rest } = Array.isArray(body) || !body ? { requestId: '', body } : body
      // A compressed answer has a weak tag; our lane alone compresses.
      const shown = Object.fromEntries(names.map((name) => [name, headers.get(name)?.replace(/^W\//, '') ?? null]))
      return {
        status,
        ...shown,
        requestId: headers.get('x-request-id')?.length,
        body: elsewhere(rest),
        text: body ? undefined : text,
      }
    }

    type Sent = Parameters<Lane['send']>[2]
    const json = { 'content-type': 'application/json' }
    const project = '/orgs/acme/projects/alpha'
    const list: [string, Sent?][] = [
      ['GET /orgs'],
      ['GET /orgs/acme/projects?limit=1'],
      ['GET /orgs/acme/projects?limit=0'],
      ['GET /orgs/acme/projects?cursor=x'],
      ['GET /orgs/acme/projects?q=a&q=b'],
      ['GET /orgs/acme/projects?q=%00'],
      ['GET /orgs/acme/projects?surprise=1'],
      [`GET ${project}`],
      [`HEAD ${project}`],
      [`OPTIONS ${project}`],
      [`PATCH ${project}`],
      [`POST ${project}`],
      ['DELETE /orgs'],
      ['PUT /healthz'],
      [`GET ${project}`, { headers: { 'if-none-match': '*' } }],
      [`PUT ${project}`, { json: {}, headers: { 'if-match': '"0"' } }],
      [`PUT ${project}`, { json: { name: 5 } }],
      [`PUT ${project}`, { json: { surprise: 1 } }],
      [`PUT ${project}`, { raw: '{', headers: json }],
      [`PUT ${project}`, { raw: '{}', headers: { 'content-type': 'text/plain' } }],
      [`PUT ${project}`, { raw: '{"name":"a\\u0000"}', headers: json }],
      [`PUT ${project}`, { raw: '{"name":"\\ud800"}', headers: json }],
      [`PUT ${project}`, { raw: '{"__proto__":{}}', headers: json }],
      [`PUT ${project}`, { raw: Buffer.from([0x22, 0xff, 0x22]), headers: json }],
      [`PUT ${project}`, { raw: '['.repeat(100_000), headers: json }],
      [`PUT ${project}`, { json: { metadata: { x: 'x'.repeat(1024 * 1024) } } }],
      ['POST /orgs/acme/projects', { json: { name: 'x', slug: 'alpha' } }],
      ['POST /orgs/acme/projects', { json: { slug: 'x' } }],
      ['POST /orgs/acme/projects', { json: { name: 'x', slug: 'y' }, headers: { 'idempotency-key': 'a b' } }],
      ['GET /orgs/nowhere/projects'],
      ['GET /orgs/%00/projects'],
      ['GET /orgs/acme/projects/nowhere'],
      [`GET ${project}/members/x`],
      ['DELETE /nobody/nowhere/nuke'],
      ['DELETE /acme/%00/nuke'],
      ['DELETE /acme/alpha/nuke', { json: { confirm: 'x' } }],
      ['GET /acme/alpha/nuke/preview'],
      ['GET /acme/alpha/entity-types/%C3%A9%20%26%20co'],
      ['GET /acme/alpha/entity-types/a%2Fb'],
      ['GET /acme/alpha/entity-types/%25'],
      ['GET /acme/alpha/envs/default/entities?limit=1'],
      ['GET /acme/alpha/cells/eu/members'],
      [
        'POST /acme/alpha/envs/default/apply?dryRun=true',
        { json: { items: [{ kind: 'Secret', name: 'key' }] }, headers: { accept: 'application/x-ndjson' } },
      ],
      ['GET /nowhere'],
      ['POST /a/b/c/d'],
      ['GET /.env'],
      ['GET /healthz'],
      ['GET /readyz'],
      ['GET /openapi.json'],
    ]
    const subjects: [string, () => Who][] = [
      ['an owner', () => cast.people.orgOwner.token],
      ['nobody', () => null],
      ['a stranger', () => cast.stranger.token],
      ['a wrong token', () => 'bhp_x'],
    ]

    test.for(subjects)('to %s', async ([, who]) => {
      for (const [request, sent] of list) {
        const ours = seen(await lane.send(who(), request, sent))
        expect(seen(await next.send(who(), request, sent)), request).toEqual(ours)
        expect(ours.requestId, request).toBe(36)
      }
    })

    test('on a valid GET of each operation', async () => {
      for (const [name, { as, params }] of Object.entries(examples).filter(([one]) => one.startsWith('GET'))) {
        const request = requestOf(name, params)
        const ours = seen(await lane.send(as, request))
        expect(ours.status, request).toBe(operations.find((one) => nameOf(one) === name)!.status)
        expect(seen(await next.send(as, request)), request).toEqual(ours)
      }
    })
  })

describe.skipIf(!isApiBuilt())('after a build of the API for Next', () => {
  describePublishedApi('Next', startNext)
  bothLanes()
})
