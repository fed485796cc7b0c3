import { afterAll, beforeAll, expect, test } from 'vitest'
import { operations } from '#contract/operations'
import { v1Operations } from '#contract/v1/operations'
import { type Cast, createCast } from '#test/support/world/cast'
import type { Answer } from '#test/support/http/client'
import { digest } from '#test/support/http/digest'
import { type Example, examplesOf, nameOf, requestOf, sentBy } from '#test/support/http/examples'
import { startHostileProvider } from '#test/support/servers/hostile-provider'
import { type Lane, startLane } from '#test/support/http/lane'
import { browser } from '#test/support/http/session'
import { v1ExamplesOf } from '#test/support/v1/examples'
import { carried, foreignTo, unproven } from './foreign.ts'
import { progress, report, scaleOf } from '#test/support/outcome'

/** The number of ways in which each operation is tried; the next operation gets other ways. */
const WAYS = scaleOf('csrf', 2)
/** Tries between two checks of the whole database. */
const LOOK = 100

/** This many of all, starting elsewhere for each operation. */
const some = <T>(all: readonly T[], of: number) =>
  Array.from({ length: Math.min(WAYS, all.length) }, (_, i) => all[(of * WAYS + i) % all.length]!)

let lane: Lane
let cast: Cast
let cookie: string
let examples: Record<string, Example>
const provider = await startHostileProvider()
beforeAll(async () => {
  lane = await startLane()
  Object.assign(process.env, provider.settings)
  cast = await createCast(lane.db)
  examples = {
    ...(await examplesOf(lane.send, cast, await cast.project('csrf'))),
    ...(await v1ExamplesOf(lane.send, cast, await cast.project('csrf-v1'))),
  }
  cookie = (await browser(cast.people.orgOwner.credentialId))['cookie']!
})
afterAll(async () => {
  await lane.stop()
  await provider.stop()
})

const isOpen = ({ permission }: { permission: string | null }) => permission === 'public' || permission === 'anybody'
const changing = [...operations, ...v1Operations]
  .filter(({ method }) => method !== 'GET')
  .map((operation) => ({ name: nameOf(operation), open: isOpen(operation) }))

/** The cookies of an authorized person, as a browser would send them. */
function cookieFor({ as }: Example): string {
  const own = typeof as === 'object' && as !== null ? as['cookie'] : undefined
  return [own?.includes('session-token') ? undefined : cookie, own].filter((one) => one !== undefined).join('; ')
}

/** What is wrong with any answer, whatever the request was. */
function wrongWith({ status, headers }: Answer): string | undefined {
  const shared = [...headers.keys()].find((name) => name.startsWith('access-control-'))
  if (shared !== undefined) return `lets others read: ${shared}`
  const loose = headers.getSetCookie().find((one) => !/; HttpOnly; SameSite=(Lax|Strict)/.test(one))
  if (loose !== undefined) return `sets ${loose}`
  return status >= 500 ? `${status}` : undefined
}

type Try = { what: string; send: () => Promise<Answer>; refusals: readonly number[] }

/** Every try is refused as expected, and the database never changes. */
async function tryAll(what: string, tries: Try[]) {
  const failures: string[] = []
  const before = await digest(lane.db)
  const look = async (near: string) => {
    if ((await digest(lane.db)) !== before) failures.push(`changed something, up to ${near}`)
  }
  for (const [i, one] of tries.entries()) {
    progress(i, tries.length, what)
    const answer = await one.send()
    const wrong = wrongWith(answer) ?? (one.refusals.includes(answer.status) ? undefined : `${answer.status} ${answer.text}`)
    if (wrong !== undefined) failures.push(`${one.what}: ${wrong}`)
    if (WAYS > 2 && i % LOOK === LOOK - 1) await look(one.what)
  }
  await look('the end')
  return report({ what, tried: tries.length, failures })
}

test('no foreign page or form can act with an owner’s cookie', { timeout: 0 }, async () => {
  const tries = changing.flatMap(({ name, open }, nth): Try[] => {
    const example = examples[name] ?? { as: null, params: {}, body: { token: 'x' } }
    const ways = [...foreignTo(lane.origin), ...(open ? [] : unproven(lane.origin))]
    // The v1 API does not accept cookies.
    const refusals = name.includes(' /v1/') ? [401] : [403]
    return some(ways, nth).map(({ what, headers, as }) => ({
      what: `${name} with ${what}`,
      refusals,
      send: () => {
        const sent = example.lines && as === undefined ? sentBy(example) : carried(example.body ?? {}, as)
        const all = { ...sent.headers, ...headers, cookie: cookieFor(example) }
        const hasBody = example.body !== undefined || example.lines !== undefined || as !== undefined
        return lane.send(null, requestOf(name, example.params), hasBody ? { ...sent, headers: all } : { headers: all })
      },
    }))
  })
  expect(await tryAll('requests of foreign pages, by form, fetch and script', tries)).toEqual([])
})

test('no header or parameter overrides the method', { timeout: 0 }, async () => {
  const navigated = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', cookie: '' }
  const tries = changing.flatMap(({ name }, nth): Try[] => {
    const example = examples[name]
    if (!example) return []
    const [method = ''] = name.split(' ')
    const path = requestOf(name, example.params).slice(method.length + 1)
    const headers = { ...navigated, cookie: cookieFor(example) }
    const over = ['x-http-method-override', 'x-http-method', 'x-method-override'].map((header) => ({
      what: `GET ${path} with ${header}: ${method}`,
      send: () => lane.send(null, `GET ${path}`, { headers: { ...headers, [header]: method } }),
    }))
    const named = ['_method', 'method', '_HttpMethod'].map((param) => ({
      what: `GET ${path}?${param}=${method}`,
      send: () => lane.send(null, `GET ${path}?${param}=${method}`, { headers }),
    }))
    const posted =
      method === 'POST'
        ? []
        : [{ _method: method }, example.body ?? {}].map((body) => ({
            what: `POST ${path} for ${method}`,
            send: () => {
              const { raw, headers: type } = carried({ ...body, _method: method }, 'form')
              return lane.send(null, `POST ${path}`, { raw, headers: { ...type, ...headers, 'x-http-method-override': method } })
            },
          }))
    return some([...over, ...named, ...posted], nth).map((one) => ({
      ...one,
      refusals: [200, 303, 400, 401, 403, 404, 405, 409, 410],
    }))
  })
  expect(await tryAll('another method smuggled in', tries)).toEqual([])
})

test('nothing that a link can open changes anything or is readable by other sites', { timeout: 0 }, async () => {
  const reading = operations.filter(({ method }) => method === 'GET').map(nameOf)
  const origins = ['https://evil.example', 'null', `http://sub.${new URL(lane.origin).host}`]
  const links = reading.flatMap((name, nth) =>
    some(origins, nth).map((origin): Try => {
      const example = examples[name]!
      const headers = { cookie: cookieFor(example), origin, referer: `${origin}/`, 'sec-fetch-site': 'cross-site' }
      return {
        what: `${name} from ${origin}`,
        send: () => lane.send(null, requestOf(name, example.params), { headers }),
        refusals: [200, 202, 303, 503],
      }
    }),
  )
  const asked = [...reading, ...changing.map(({ name }) => name)].flatMap((name) => {
    const example = examples[name]
    if (!example) return []
    const [method = ''] = name.split(' ')
    const request = requestOf(name, example.params).replace(method, 'OPTIONS')
    const headers = { origin: 'https://evil.example', 'access-control-request-method': method, cookie: cookieFor(example) }
    return [{ what: `asked before ${name}`, send: () => lane.send(null, request, { headers }), refusals: [204] }]
  })
  expect(await tryAll('links, and browsers that ask what a foreign page may', [...links, ...asked])).toEqual([])
})

test('the same request from our own page is accepted', async () => {
  const headers = { cookie, origin: lane.origin, 'sec-fetch-site': 'same-origin' }
  const json = { name: 'Own', slug: 'own' }
  expect(await lane.send(null, 'POST /orgs/acme/projects', { json, headers })).toMatchObject({ status: 201 })
})
