import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cast, type Stage, createCast } from '#test/support/world/cast'
import type { Answer, Who } from '#test/support/http/client'
import { digest } from '#test/support/http/digest'
import { examplesOf, requestOf } from '#test/support/http/examples'
import { type Lane, startLane } from '#test/support/http/lane'
import { hostileBody, hostileHeaders, hostileText } from './hostile.ts'
import { progress, report, scaleOf } from '#test/support/outcome'
import { type Schema, nearly, valuesOf } from './shape.ts'

type Media = { schema?: Schema }
type Described = {
  parameters: { in: string; name: string; schema: Schema }[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { content?: Record<string, Media> }>
}
type Document = { paths: Record<string, Record<string, Described>>; components: { schemas: Record<string, Schema> } }
type Subject = {
  name: string
  isV1: boolean
  described: Described
  takes: Check | undefined
  body: () => fc.Arbitrary<unknown> | undefined
  answers: Record<string, Check>
}
/** What is wrong with a value; undefined when it is valid. */
type Check = (value: unknown) => string | undefined

const TRIES = scaleOf('fuzz', 200)
/** Requests per project. A fresh project takes a second. */
const ROUND = 500
/** Rounds per database, before leftovers make each check slow. */
const ROUNDS = 20
/** One refusal in this many is checked closely: does the database hold the same as before? */
const LOOK = 25
/** Statuses of protocol errors, which no operation lists. */
const everywhere = new Set([400, 401, 403, 404, 405, 409, 412, 413, 415, 417, 422, 429, 431])
/** Slow or limited: wrong passwords are counted, and a sample project has hundreds of rows. Or it ends the round's project. */
const rare = /\/session$|password|reauthentication|accept|setup|sample-project|^DELETE \S+\/projects\/\{\w+\}$/

/** Computed on first use, because a short run would spend its time on schemas that it never meets. */
function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}

let lane: Lane
let cast: Cast
let subjects: Subject[]
async function settle() {
  lane = await startLane()
  cast = await createCast(lane.db)
}
async function moveOn() {
  await lane.stop()
  await settle()
}
beforeAll(async () => {
  process.env['BULKHEAD_RATE_LIMIT'] = '0'
  await settle()
  subjects = [...(await subjectsOf('/openapi.json', false)), ...(await subjectsOf('/v1/openapi.json', true))]
})
afterAll(() => lane.stop())

async function subjectsOf(path: string, isV1: boolean): Promise<Subject[]> {
  const { body: document } = await lane.send<Document>(null, `GET ${path}`)
  const ajv = new Ajv2020({ strict: false, validateFormats: true, inlineRefs: false, code: { optimize: false } })
  addFormats.default(ajv)
  for (const [name, schema] of Object.entries(document.components.schemas)) ajv.addSchema(schema, `#/components/schemas/${name}`)
  const checkOf = (media: Media | undefined): Check | undefined => {
    const { schema } = media ?? {}
    const validate = schema && lazy(() => ajv.compile(schema))
    return validate && ((value) => (validate()(value) ? undefined : JSON.stringify(validate().errors?.[0])))
  }
  return Object.entries(document.paths).flatMap(([url, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const json = described.requestBody?.content['application/json']
      const answers = Object.entries(described.responses).flatMap(([status, { content }]) => {
        const check = checkOf(content?.['application/json'])
        return check ? [[status, check] as const] : []
      })
      return {
        name: `${method.toUpperCase()} ${url}`,
        isV1,
        described,
        takes: checkOf(json),
        body: lazy(() => json?.schema && valuesOf(json.schema)),
        answers: Object.fromEntries(answers),
      }
    }),
  )
}

type Known = {
  stage: Stage
  params: Record<string, Record<string, string>>
  inV1: Record<string, string>
  bodies: Record<string, unknown>
  ids: string[]
}

async function opening(round: number): Promise<Known> {
  // A limit that an earlier round set for the whole organization would refuse the start of this one.
  await lane.db.updateTable('organizations').set({ max_token_days: null }).execute()
  const stage = await cast.project(`fuzz-${round}`)
  const examples = await examplesOf(lane.send, cast, stage)
  const of = <T>(pick: (name: string) => T) => Object.fromEntries(Object.keys(examples).map((name) => [name, pick(name)]))
  const params = of((name) => examples[name]!.params)
  const inV1 = await openingOfV1(stage)
  const ids = new Set([...Object.values(inV1), ...Object.values(params).flatMap((one) => Object.values(one))])
  return { stage, params, inV1, bodies: of((name) => examples[name]!.body), ids: [...ids] }
}

/** The same project in the v1 API, which has ids of its own for its things. */
async function openingOfV1({ id, tokens }: Stage): Promise<Record<string, string>> {
  const owner = cast.people.orgOwner.token
  const first = async (what: string) => {
    const { body, text } = await lane.send<{ id: string }[]>(owner, `GET /v1/projects/${id}/${what}`)
    return body[0]?.id ?? expect.unreachable(text)
  }
  const registered = async (what: string, json: unknown) => {
    const { body, text } = await lane.send<{ id?: string }>({ 'x-project-token': tokens.owner }, `POST /v1/${what}`, { json })
    return body.id ?? expect.unreachable(text)
  }
  return {
    projectID: id,
    tokenID: await first('tokens'),
    memberID: await first('members'),
    environmentID: await first('environments'),
    agentID: await registered('agents', { name: 'a', machineID: 'm', type: 'fluentbit', version: '3.0.0', edition: 'community' }),
    aggregatorID: await registered('aggregators', { name: 'core', version: 'v3.0.0' }),
  }
}

const callers = ({ tokens }: Stage): Who[] => [
  cast.people.orgOwner.token,
  cast.people.orgAdmin.token,
  tokens.owner,
  { 'x-project-token': tokens.owner },
  tokens.viewer,
  tokens.readOnly,
  cast.people.cellAdmin.token,
  cast.stranger.token,
  null,
  'bhu_' + 'x'.repeat(43),
  { authorization: 'Basic YTpi' },
]

/** One request: valid in most of its parts, invalid in some. */
function requestsTo({ name, described, body: bodyOf }: Subject, known: Known) {
  const body = bodyOf()
  const own = known.params[name] ?? known.inV1
  const value = (param: string) =>
    fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...(own[param] ? [own[param]] : known.ids)) },
      { weight: 1, arbitrary: fc.constantFrom(...known.ids) },
      { weight: 1, arbitrary: hostileText },
    )
  const inPath = described.parameters.filter((one) => one.in === 'path')
  const inQuery = described.parameters.filter((one) => one.in === 'query')
  const bodies = body && [
    { weight: 3, arbitrary: body.map((json) => JSON.stringify(json)) },
    { weight: 3, arbitrary: fc.constant(JSON.stringify(known.bodies[name] ?? {})) },
    {
      weight: 4,
      arbitrary: nearly(known.bodies[name] ? fc.oneof(fc.constant(known.bodies[name]), body) : body).map((json) =>
        JSON.stringify(json),
      ),
    },
  ]
  return fc.record({
    who: fc.oneof(
      { weight: 3, arbitrary: fc.constant<Who>(cast.people.orgOwner.token) },
      { weight: 1, arbitrary: fc.constantFrom(...callers(known.stage)) },
    ),
    params: fc.record(Object.fromEntries(inPath.map((one) => [one.name, value(one.name)]))),
    query: fc.oneof(
      { weight: 3, arbitrary: fc.constant<[string, string][]>([]) },
      {
        weight: 2,
        arbitrary: fc.array(
          fc.oneof(
            ...inQuery.map(({ name: key, schema }) =>
              fc.tuple(fc.constant(key), fc.oneof(valuesOf(schema).map(String), hostileText)),
            ),
            fc.tuple(hostileText, hostileText),
          ),
          { maxLength: 3 },
        ),
      },
    ),
    raw: bodies
      ? fc.oneof(...bodies, { weight: 1, arbitrary: hostileBody })
      : fc.option(hostileBody, { nil: undefined, freq: 8 }),
    headers: fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: hostileHeaders }),
  })
}

type Sent = ReturnType<typeof requestsTo> extends fc.Arbitrary<infer T> ? T : never

const wellFormed = (text: string) => encodeURIComponent(text.toWellFormed())

/** The request line, and what `fetch` adds to it. */
function lineOf(subject: Subject, { params, query }: Sent): string {
  const encoded = Object.fromEntries(Object.entries(params).map(([name, text]) => [name, wellFormed(text) || '%20']))
  const asked = query.map(([key, text]) => `${wellFormed(key)}=${wellFormed(text)}`).join('&')
  return requestOf(subject.name, encoded) + (asked && `?${asked}`)
}

/** What is wrong with an answer; undefined when nothing is. */
function wrongWith(subject: Subject, sent: Sent, answer: Answer): string | undefined {
  const { status, body, headers } = answer
  const isNotImplemented = status === 501 && Object.hasOwn(subject.described.responses, '501')
  if (status >= 500 && !isNotImplemented) return `${status}`
  const isJson = headers.get('content-type')?.startsWith('application/json')
  const documented = Object.hasOwn(subject.described.responses, String(status)) || everywhere.has(status) || status === 304
  if (!documented) return `${status} is not documented`
  if (status >= 400 && (typeof body?.error !== 'string' || (!subject.isV1 && !/^[a-z_]+$/.test(body.code))))
    return `${status} without a sentence`
  const check = subject.answers[String(status)]
  const off = isJson ? check?.(body) : undefined
  if (off) return `${status} is off its shape: ${off}`
  const plain = !('content-type' in sent.headers)
  if (status < 300 && subject.takes && plain && sent.raw !== undefined && sent.raw !== '') {
    const { value, error } = parsed(sent.raw)
    if (error) return `${status} for a body that is no JSON`
    const wrong = subject.takes(value) && subject.takes(trimmed(value))
    if (wrong) return `${status} for a body off its shape: ${wrong}`
  }
  return undefined
}

/** Names are trimmed, which a JSON Schema cannot express. */
const trimmed = (value: unknown) =>
  JSON.parse(JSON.stringify(value), (_, one: unknown) => (typeof one === 'string' ? one.trim() : one)) as unknown

function parsed(text: string): { value?: unknown; error?: true } {
  try {
    // A byte order mark may be ignored (RFC 8259, 8.1).
    return { value: JSON.parse(text.replace(/^\ufeff/, '')) as unknown }
  } catch {
    return { error: true }
  }
}

test(
  'random requests: no server error, no undocumented answer, nothing invalid accepted, no effect of a refusal',
  { timeout: 0 },
  async () => {
    const seed = Number(process.env['PROVE_SEED'] ?? Date.now() % 2 ** 31)
    const failures: string[] = []
    let taken = 0
    const dice = fc.sample(fc.infiniteStream(fc.nat()), { numRuns: 1, seed })[0]!
    const next = (below: number) => dice.next().value % below
    for (let round = 0, tried = 0; tried < TRIES; round++) {
      if (round > 0 && round % ROUNDS === 0) await moveOn()
      // An earlier request may have removed a person from the organization.
      const known = await opening(round).catch(async () => {
        await moveOn()
        return opening(round)
      })
      for (let i = 0; i < ROUND && tried < TRIES; i++, tried++) {
        const subject = subjects[next(subjects.length)]!
        if (rare.test(subject.name) && next(20) > 0) continue
        const [sent] = fc.sample(requestsTo(subject, known), { numRuns: 1, seed: next(2 ** 31) })
        const line = lineOf(subject, sent!)
        const isLooked = tried % LOOK === 0 && !rare.test(subject.name)
        const before = isLooked ? await digest(lane.db) : ''
        const answer = await lane.send(sent!.who, line, {
          ...(sent!.raw !== undefined && !line.startsWith('GET') && { raw: sent!.raw }),
          headers: { 'content-type': 'application/json', ...sent!.headers },
        })
        if (answer.status < 300) taken++
        let wrong = wrongWith(subject, sent!, answer)
        if (isLooked && answer.status >= 400 && (await digest(lane.db)) !== before)
          wrong ??= `${answer.status}, and something has changed`
        if (wrong)
          failures.push(`${line.slice(0, 200)}  ${JSON.stringify(sent).slice(0, 600)}  →  ${wrong}  ${answer.text.slice(0, 200)}`)
        progress(tried, TRIES, `${failures.length} failed`)
      }
    }
    if (failures.length > 0) failures[0] = `PROVE_SEED=${seed} tries the same again: ${failures[0]}`
    expect(report({ what: 'hostile requests', tried: TRIES, failures })).toEqual([])
    // If all requests were refused early, the test would prove nothing.
    expect(taken / TRIES).toBeGreaterThan(0.15)
  },
)
