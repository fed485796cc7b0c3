import { type Attack, overload } from '../attack.ts'
import { type Onslaught, type Wire, head } from '../onslaught.ts'

const MIB = 1024 * 1024
const refused = [400, ...overload] as const
const judged = [200, 207, 409, ...refused] as const
const yaml = { 'content-type': 'application/yaml' }

const applyOf = ({ hostile }: Onslaught['world'], place = hostile.places.plain) => ({
  path: `/${hostile.slug}/${place.slug}/envs/default/apply`,
  token: place.token,
})

/** Creates each body once, when it is first sent. */
function bodies(...makers: (() => string)[]): (turn: number) => string {
  const made: string[] = []
  return (turn) => (made[turn % makers.length] ??= makers[turn % makers.length]!())
}

/** This many callers, who apply these bodies in turns. */
function applies(callers: number, headers: Record<string, string>, ...makers: (() => string)[]) {
  return (onslaught: Onslaught) => {
    const { path, token } = applyOf(onslaught.world)
    const body = bodies(...makers)
    onslaught.callers(callers, 500, (i, turn) =>
      onslaught.call(`POST ${path}`, {
        token,
        headers: { 'content-type': 'application/json', ...headers },
        body: body(i + turn),
      }),
    )
  }
}

const repeated = (n: number, of: (i: number) => string, between = ',') => Array.from({ length: n }, (_, i) => of(i)).join(between)

const fat = (i: number) => ({
  kind: 'Entity',
  entityType: 'fat',
  name: `put-${i}`,
  properties: Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`p${n}`, 'f'.repeat(10_000)])),
})

/** Creates cells, each inside the previous one, and then entities in the last of them. */
async function chain({ call, world, many, isOver }: Onslaught, turn: number) {
  const { path, token } = applyOf(world, world.hostile.places.chained)
  const apply = (items: object[]) => call(`POST ${path}`, { token, body: JSON.stringify({ items }) })
  const depth = many(300, 2000)
  const membership = { derivedFrom: { property: 'zone', values: ['deep'] } }
  const cells = Array.from({ length: depth }, (_, i) => ({
    kind: 'Cell',
    name: `deep-${i}`,
    entityType: 'thing',
    ...(i > 0 && { parentCells: [`deep-${i - 1}`] }),
    ...(i === depth - 1 && { membership }),
  }))
  await apply(cells)
  if (isOver()) return
  const properties = { zone: 'deep' }
  await apply(
    Array.from({ length: many(500, 10_000) }, (_, i) => ({
      kind: 'Entity',
      entityType: 'thing',
      name: `deep-${turn}-${i}`,
      properties,
    })),
  )
}

/** Sends these bytes this many times, or as often as the server takes them. */
async function pour(wire: Wire, first: string, piece: string, times: number) {
  await wire.send(first)
  const chunk = Buffer.from(`${piece.length.toString(16)}\r\n${piece}\r\n`)
  for (let i = 0; i < times && wire.isOpen(); i++) await wire.send(chunk)
}

function imports(count: number, piece: string, times: (onslaught: Onslaught) => number) {
  return (onslaught: Onslaught) => {
    const { slug, empty } = onslaught.world.hostile
    const headers = { 'content-type': 'application/x-ndjson', 'transfer-encoding': 'chunked' }
    onslaught.sockets(
      count,
      async (wire, i) => {
        const place = empty[i % empty.length]!
        await pour(
          wire,
          head(`/${slug}/${place.slug}/import`, { method: 'POST', token: place.token, headers }),
          piece,
          times(onslaught),
        )
        await wire.send('0\r\n\r\n')
      },
      { again: 1000 },
    )
  }
}

export const parsers: Attack[] = [
  {
    name: 'a YAML map of 50,000 keys',
    what: '2 callers apply a YAML map with 50,000 keys (400 KB)',
    answers: refused,
    seconds: 12,
    start: applies(2, yaml, () => `items:\n- {${repeated(50_000, (i) => `${i}: 0`, ', ')}}`),
  },
  {
    name: 'eight million zeros',
    what: '3 callers apply {"items":[0,0,…]} of 16 MB',
    answers: refused,
    start: applies(3, {}, () => `{"items":[${'0,'.repeat(7_900_000)}0]}`),
  },
  {
    name: 'a hundred thousand wrong items',
    what: '3 callers apply 100,000 items that are numbers, and as many of unknown kinds with unknown fields',
    answers: judged,
    start: applies(
      3,
      {},
      () => `{"items":[${'0,'.repeat(99_999)}0]}`,
      () => `{"items":[${repeated(99_999, (i) => `{"kind":"K${i}","x${i}":${i}}`)}]}`,
    ),
  },
  {
    name: 'brackets without a credential',
    what: '20 callers send 1 MiB of [],[],… to POST /session/passkey without a credential',
    answers: refused,
    start({ callers, call }) {
      const body = `{"credential":[${'[],'.repeat(349_000)}[]]}`
      callers(20, 500, () => call('POST /session/passkey', { body }))
    },
  },
  {
    name: 'brackets with a credential',
    what: '10 callers send 1 MiB of [],[],… to writes, in both dialects',
    answers: [403, 404, 409, 422, ...refused],
    start({ callers, call, world }) {
      const { slug, owner, places } = world.hostile
      const body = `{"metadata":{"x":[${'[],'.repeat(349_000)}[]]}}`
      const lines = [
        `PUT /orgs/${slug}/projects/${places.plain.slug}`,
        `POST /${slug}/${places.plain.slug}/envs/default/entities`,
      ]
      callers(10, 300, (i) =>
        i % 3 === 2
          ? call('POST /v1/agents', { headers: { 'x-project-token': places.plain.token }, body })
          : call(lines[i % 3]!, { token: owner, body }),
      )
    },
  },
  {
    name: 'JSON without a floor',
    what: '3 callers apply arrays and objects that nest without end',
    answers: refused,
    start: applies(
      3,
      {},
      () => '['.repeat(15 * MIB),
      () => '{"a":'.repeat(3 * MIB),
      () => `{"items":${'['.repeat(7 * MIB)}${']'.repeat(7 * MIB)}}`,
    ),
  },
  {
    name: 'JSON of long texts',
    what: '3 callers apply texts of 15 MB of escapes, NULs and lone surrogates, a key of 15 MB, and a million keys',
    answers: judged,
    start: applies(
      3,
      {},
      () => `{"items":["${String.raw`\u0000`.repeat(2.4 * MIB)}"]}`,
      () => `{"items":[{"kind":"${String.raw`\ud800`.repeat(2.4 * MIB)}"}]}`,
      () => `{"items":[{"${'k'.repeat(15 * MIB)}":1}]}`,
      () => `{"items":[{${repeated(1_000_000, (i) => `"${i}":0`)}}]}`,
      () => `{"items":[{"kind":"Entity","name":"${String.raw`\"`.repeat(7 * MIB)}"}]}`,
    ),
  },
  {
    name: 'numbers without end',
    what: '3 callers apply numbers of fifteen million digits, and a million numbers of fifteen',
    answers: judged,
    start: applies(
      3,
      {},
      () => `{"items":[{"n":${'9'.repeat(15 * MIB)}}]}`,
      () => `{"items":[{"n":[${repeated(900_000, (i) => `0.${123_456_789 + i}1234`)}]}]}`,
      () => `{"items":[{"n":1e${'9'.repeat(1000)}}]}`,
    ),
  },
  {
    name: 'YAML bombs',
    what: '3 callers apply aliases of aliases, 50,000 anchors, 100,000 levels, and 100,000 documents',
    answers: judged,
    start: applies(
      3,
      yaml,
      () => `a0: &a0 x\n${repeated(30, (i) => `a${i + 1}: &a${i + 1} [${repeated(9, () => `*a${i}`, ', ')}]`, '\n')}`,
      () => `items:\n${repeated(50_000, (i) => `- &k${i} {kind: K}`, '\n')}`,
      () => '['.repeat(100_000),
      () => repeated(2000, (i) => `${' '.repeat(i)}a:`, '\n'),
      () => repeated(100_000, (i) => `kind: K${i}`, '\n---\n'),
      () => `? ${'? '.repeat(50_000)}a`,
    ),
  },
  {
    name: 'YAML of 15 MB',
    what: '2 callers apply comments, a scalar, a folded text, quotes, flows and tags of up to 15 MB',
    answers: judged,
    seconds: 12,
    start: applies(
      2,
      yaml,
      () => '# nothing\n'.repeat(1.5 * MIB),
      () => `items:\n- kind: ${'long '.repeat(3 * MIB)}`,
      () => `items:\n- kind: >\n${'    folded line\n'.repeat(0.9 * MIB)}`,
      () => `items:\n- kind: "${String.raw`\u0041`.repeat(2.4 * MIB)}"`,
      () => `items: [${'{kind: K},'.repeat(MIB)}]`,
      () => `items:\n${'- !!str !foo x\n'.repeat(0.9 * MIB)}`,
      () => '\n'.repeat(15 * MIB),
      () => `items:\n- ${'- '.repeat(20_000)}`,
    ),
  },
  {
    name: 'fat entities put in',
    what: '3 callers apply 15 entities of 1 MB each',
    answers: judged,
    start: applies(3, {}, () => JSON.stringify({ items: Array.from({ length: 15 }, (_, i) => fat(i)) })),
  },
  {
    name: 'a chain of 2,000 cells',
    what: 'one caller applies a chain of 2,000 cells, and 10,000 entities in the deepest',
    answers: judged,
    seconds: 15,
    start: (onslaught) => onslaught.callers(1, 100, (_, turn) => chain(onslaught, turn)),
  },
  {
    name: 'an endless line',
    what: '8 clients import one line that does not end, in pieces of 16 KiB',
    answers: [...judged, 404],
    start: imports(8, ' '.repeat(8) + 'x'.repeat(16_376), ({ many }) => many(2000, 20_000)),
  },
  {
    name: 'a line by the byte',
    what: '8 clients import a line in half a million chunks of one byte',
    answers: [...judged, 404],
    start(onslaught) {
      const { slug, empty } = onslaught.world.hostile
      const headers = { 'content-type': 'application/x-ndjson', 'transfer-encoding': 'chunked' }
      const piece = Buffer.from('1\r\nx\r\n'.repeat(10_000))
      onslaught.sockets(
        8,
        async (wire, i) => {
          const place = empty[i % empty.length]!
          await wire.send(head(`/${slug}/${place.slug}/import`, { method: 'POST', token: place.token, headers }))
          for (let n = 0; n < 50 && wire.isOpen(); n++) await wire.send(piece)
          await wire.send('0\r\n\r\n')
        },
        { again: 1000 },
      )
    },
  },
  {
    name: 'lines of nothing',
    what: '8 clients import 200 MB of blank lines, and go away in the midst',
    answers: [...judged, 404],
    start: imports(8, '\n'.repeat(64 * 1024), ({ many }) => many(300, 3000)),
  },
  {
    name: 'wrong lines',
    what: '8 clients import documents that nest without end, ask for rows of others, or are wrong only in the last line',
    answers: [...judged, 403, 404],
    start({ callers, call, world }) {
      const { slug, empty } = world.hostile
      const body = bodies(
        () => `${'['.repeat(900_000)}\n`.repeat(10),
        () => `${repeated(20_000, (i) => JSON.stringify({ kind: 'Secret', name: `s-${i}` }), '\n')}\n{`,
        () => repeated(200_000, () => '{}', '\n'),
        () => repeated(200_000, () => '0', '\n'),
      )
      callers(8, 300, (i, turn) => {
        const place = empty[i % empty.length]!
        const headers = { 'content-type': 'application/x-ndjson' }
        return call(`POST /${slug}/${place.slug}/import`, { token: place.token, headers, body: body(i + turn) })
      })
    },
  },
  {
    name: 'headers and URLs as long as may be',
    what: '30 callers send 30 KB of commas, cookies, tags and credentials, and 16 KB of parameters, slashes and percent signs',
    answers: [200, 304, 401, 403, 404, 405, 406, 411, 412, 414, 415, 431, ...refused],
    isPage: true,
    start({ callers, call, world }) {
      const { slug, owner, places } = world.hostile
      const project = `GET /orgs/${slug}/projects/${places.plain.slug}`
      const long = 30_000
      const pieces = (count: number) => Array.from({ length: count }, (_, i) => `next-auth.session-token.${i}=a`).join('; ')
      const steps = [
        () => call(project, { token: owner, headers: { 'if-none-match': ','.repeat(long) } }),
        () => call(project, { token: owner, headers: { 'if-none-match': '"a", W/'.repeat(long / 8) } }),
        () =>
          call(project.replace('GET', 'PUT'), { token: owner, headers: { 'if-match': 'W/"a", '.repeat(long / 8) }, body: '{}' }),
        () => call('GET /me', { headers: { cookie: 'a=b; '.repeat(long / 5) } }),
        () => call('GET /me', { headers: { cookie: `next-auth.session-token=${'a.'.repeat(long / 2)}` } }),
        () => call('GET /me', { headers: { authorization: `Bearer ${'a.'.repeat(long / 2)}` } }),
        () => call('GET /me', { headers: { authorization: `Bearer ${'ey'.repeat(5000)}.${'ey'.repeat(5000)}.x` } }),
        () => call('GET /v1/projects', { headers: { 'x-project-token': ' a'.repeat(long / 2) } }),
        () => call('GET /healthz', { headers: { accept: 'a/b;q=0.1, '.repeat(long / 11) } }),
        () => call('GET /login', { headers: { accept: 'a/b;q=0.1, '.repeat(long / 11), 'accept-language': 'a,'.repeat(400) } }),
        () => call('GET /me', { headers: { 'x-forwarded-for': '1.1.1.1,'.repeat(long / 8) } }),
        () => call('GET /me', { headers: { 'content-type': `application/json;${' '.repeat(long)}x` } }),
        () => call(`POST /session`, { headers: { 'content-type': `application/yaml${' ;charset='.repeat(3000)}` }, body: '{}' }),
        () => call(`GET /orgs/${slug}/projects?${'a&'.repeat(8000)}`, { token: owner }),
        () => call(`GET /orgs/${slug}/projects?q=${'%25'.repeat(5000)}`, { token: owner }),
        () => call(`GET ${'/a'.repeat(8000)}`, { token: owner }),
        () => call(`GET ${'/'.repeat(16_000)}`),
        () => call(`GET /${'%2e%2e/'.repeat(2000)}`),
        () => call(`GET /console${'/x'.repeat(7000)}`),
        () => call(`GET /console/${'%c3%a4'.repeat(2500)}`),
        () => call(`GET /login?${'a&'.repeat(7500)}`),
        () => call(`GET /login?x?${'a&'.repeat(2000)}`),
        () => call(`GET /_next/static/a.js?${'a&'.repeat(7500)}`),
        () => call(`GET /api/auth/csrf?${'a&'.repeat(7500)}`),
        () => call('GET /api/auth/session', { headers: { cookie: pieces(900) } }),
        () => call('GET /login', { headers: { rsc: '1', 'next-router-state-tree': '["",{"children":'.repeat(1500) } }),
        // As much as the stricter limits of Next's part allow.
        () => call(`GET /console/${'%c3%a4'.repeat(670)}`),
        () => call(`GET /login?${'a&'.repeat(99)}`),
        () => call('GET /api/auth/session', { headers: { cookie: pieces(100) } }),
        () => call('GET /_next/image?url=%2Ficon.svg&w=64&q=75'),
      ]
      callers(30, 50, (i, turn) => steps[(i + turn) % steps.length]!())
    },
  },
]
