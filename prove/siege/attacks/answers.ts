import { type Attack, overload } from '../attack.ts'
import { type Onslaught, type Wire, hangUp, head } from '../onslaught.ts'

const ok = [200, 304, ...overload] as const
/** Longer than the server waits for a client that does not read. */
const UNREAD = 38

const ndjson = 'application/x-ndjson'

const exportOf = ({ hostile }: Onslaught['world'], token = hostile.places.crowded.token) => ({
  path: `/${hostile.slug}/${hostile.places.crowded.slug}/export`,
  token,
})
const fatPage = ({ hostile }: Onslaught['world']) => ({
  path: `/${hostile.slug}/${hostile.places.fat.slug}/envs/default/entities?limit=200`,
  token: hostile.places.fat.token,
})
const applyOf = ({ hostile }: Onslaught['world'], place = hostile.places.plain) => ({
  path: `/${hostile.slug}/${place.slug}/envs/default/apply`,
  token: place.token,
})

const property = (i: number) => ({ name: `p${i}`, type: 'string' })
const fatType = {
  kind: 'EntityType',
  name: 'fat',
  states: ['active'],
  initialState: 'active',
  properties: Array.from({ length: 110 }, (_, i) => property(i)),
}
/** An entity of this many kilobytes, in properties of at most ten thousand characters. */
const fatEntity = (i: number, kilobytes: number) => ({
  kind: 'Entity',
  entityType: 'fat',
  name: `fat-${i}`,
  properties: Object.fromEntries(
    Array.from({ length: Math.ceil(kilobytes / 10) }, (_, n) => [`p${n}`, 'f'.repeat(Math.min(10, kilobytes - n * 10) * 1000)]),
  ),
})

/** Creates entities of 1 MB, and of 240 KB where that is refused. */
async function fatten({ call, world, many }: Onslaught) {
  const { path, token } = applyOf(world, world.hostile.places.fat)
  const put = async (items: object[]) => (await call(`POST ${path}`, { token, body: JSON.stringify({ items }) }))?.status
  await put([fatType])
  const megabytes = (await put([fatEntity(0, 1000)])) === 200
  const [size, batch] = megabytes ? [1000, 10] : [240, 40]
  for (let from = 0; from < many(40, 200); from += batch)
    await put(Array.from({ length: batch }, (_, i) => fatEntity(from + i, size)))
}

/** One byte every five seconds. */
async function trickle({ pause }: Onslaught, wire: Wire, request: string) {
  await wire.send(request)
  wire.socket.pause()
  while (wire.isOpen()) {
    wire.socket.read(1)
    await pause(5000)
  }
}

const items = (n: number, word: string) =>
  JSON.stringify({
    items: Array.from({ length: n }, (_, i) => ({ kind: 'Entity', entityType: 'thing', name: `${word}-${i}`, labels: { word } })),
  })

const watched = (world: Onslaught['world'], body: string) => {
  const { path, token } = applyOf(world, world.hostile.places.locked)
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length), accept: ndjson }
  return head(path, { method: 'POST', token, headers }) + body
}

export const answers: Attack[] = [
  {
    name: 'HEAD of exports',
    what: '10 callers ask HEAD …/export again and again with the weakest token there is',
    answers: [405, ...ok],
    start({ callers, call, world }) {
      const { path, token } = exportOf(world, world.hostile.weakest)
      callers(10, 200, () => call(`HEAD ${path}`, { token }))
    },
  },
  {
    name: 'exports hung up on',
    what: '45 clients ask for an export and hang up within 30 ms, again and again',
    answers: ok,
    start({ sockets, pause, world }) {
      const { path, token } = exportOf(world, world.hostile.weakest)
      const whole = exportOf(world)
      sockets(45, async (wire, i) => {
        await wire.send(i % 2 === 0 ? head(path, { token }) : head(whole.path, whole))
        await pause((i * 7) % 30)
        hangUp(wire)
      })
    },
  },
  {
    name: 'exports never read',
    what: '14 sockets ask for an export and never read',
    answers: ok,
    seconds: UNREAD,
    start({ sockets, world }) {
      const { path, token } = exportOf(world)
      sockets(14, (wire) => wire.send(head(path, { token })), { hears: false })
    },
  },
  {
    name: 'audit and review exports never read',
    what: '24 sockets ask for the audit log and the access review as NDJSON and CSV, by GET and HEAD, and never read',
    answers: ok,
    seconds: UNREAD,
    start({ sockets, world }) {
      const { slug, owner, places } = world.hostile
      const all = [
        { path: `/${slug}/${places.plain.slug}/audit-events/export`, token: places.plain.token },
        { path: `/${slug}/${places.plain.slug}/audit-events/export?format=csv`, token: places.plain.token },
        { path: `/orgs/${slug}/access-review/export`, token: owner },
        { path: `/orgs/${slug}/access-review/export?format=csv`, token: owner },
        { path: `/orgs/${slug}/projects/${places.plain.slug}/access-review/export`, token: owner },
      ]
      sockets(
        24,
        (wire, i) => {
          const { path, token } = all[i % all.length]!
          return wire.send(head(path, { token, method: i % 6 === 5 ? 'HEAD' : 'GET' }))
        },
        { hears: false },
      )
    },
  },
  {
    name: 'large pages never read',
    what: '30 clients ask for 200 entities of up to 1 MB each, and do not read',
    answers: ok,
    seconds: UNREAD,
    prepare: fatten,
    start({ sockets, world }) {
      const { path, token } = fatPage(world)
      sockets(30, (wire) => wire.send(head(path, { token })), { hears: false })
    },
  },
  {
    name: 'large pages read by the byte',
    what: '60 clients read such a page at one byte every five seconds',
    answers: ok,
    seconds: UNREAD,
    start(onslaught) {
      const { path, token } = fatPage(onslaught.world)
      onslaught.sockets(60, (wire) => trickle(onslaught, wire, head(path, { token })), { hears: false })
    },
  },
  {
    name: 'large pages cut off midway',
    what: '30 clients ask for such a page and reset the connection at its first bytes, again and again',
    answers: ok,
    start({ sockets, world }) {
      const { path, token } = fatPage(world)
      sockets(
        30,
        async (wire) => {
          wire.socket.once('readable', () => hangUp(wire))
          await wire.send(head(path, { token }))
        },
        { hears: false },
      )
    },
  },
  {
    name: 'pipelined pages never read',
    what: '4 sockets ask for 500 large pages each, without waiting and without reading',
    answers: ok,
    seconds: UNREAD,
    start({ sockets, world }) {
      const { path, token } = fatPage(world)
      sockets(4, (wire) => wire.send(head(path, { token, goesOn: true }).repeat(500)), { hears: false })
    },
  },
  {
    name: 'v1 lists never read',
    what: '30 clients list agents whose raw configuration is 190 KB each, by v1, and do not read',
    answers: ok,
    async prepare({ call, world, many }) {
      const rawConfig = 'c'.repeat(190_000)
      for (let i = 0; i < many(20, 80); i++) {
        const agent = {
          name: `agent-${i}`,
          machineID: `machine-${i}`,
          type: 'fluentbit',
          version: 'v3.1.0',
          edition: 'community',
        }
        await call('POST /v1/agents', {
          headers: { 'x-project-token': world.hostile.places.fat.token },
          body: JSON.stringify({ ...agent, rawConfig }),
        })
      }
    },
    seconds: UNREAD,
    start({ sockets, world }) {
      const { id, token } = world.hostile.places.fat
      const lists = [`/v1/projects/${id}/agents?last=1000`, `/v1/projects/${world.hostile.places.plain.id}/audit_logs?last=1000`]
      sockets(
        30,
        (wire, i) =>
          wire.send(
            head(lists[i % 5 === 4 ? 1 : 0]!, {
              headers: { 'x-project-token': i % 5 === 4 ? world.hostile.places.plain.token : token },
            }),
          ),
        { hears: false },
      )
    },
  },
  {
    name: 'pages and documents never read',
    what: '10 sockets ask for /docs, /openapi.json and /login 40 times each without reading',
    answers: ok,
    isPage: true,
    start: ({ sockets }) =>
      sockets(
        10,
        (wire) =>
          wire.send(
            ['/docs', '/openapi.json', '/v1/openapi.json', '/login']
              .map((path) => head(path, { goesOn: true }))
              .join('')
              .repeat(10),
          ),
        {
          hears: false,
        },
      ),
  },
  {
    name: 'progress left at once',
    what: '50 clients watch an apply of 500 items line by line, and hang up within 60 ms',
    answers: [207, 409, ...ok],
    start({ sockets, pause, world, many }) {
      sockets(
        many(20, 50),
        async (wire, i) => {
          await wire.send(watched(world, items(500, `left-${i}`)))
          await pause((i * 13) % 60)
          hangUp(wire)
        },
        { again: 1000 },
      )
    },
  },
  {
    name: 'progress never read',
    what: '10 clients watch an apply of 20,000 items line by line, and never read',
    answers: [207, 409, ...ok],
    start({ sockets, world, many }) {
      sockets(many(5, 10), (wire, i) => wire.send(watched(world, items(many(3000, 20_000), `unread-${i}`))), { hears: false })
    },
  },
]
