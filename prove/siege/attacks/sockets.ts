import { randomBytes } from 'node:crypto'
import { type Attack, overload } from '../attack.ts'
import { type Onslaught, hangUp, head } from '../onslaught.ts'

const refused = [400, 405, ...overload] as const

const entity = (world: Onslaught['world'], name: string) => {
  const body = JSON.stringify({ entityType: 'thing', name })
  const { slug, places } = world.hostile
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) }
  return (
    head(`/${slug}/${places.plain.slug}/envs/default/entities`, { method: 'POST', token: places.plain.token, headers }) + body
  )
}

export const sockets: Attack[] = [
  {
    name: 'headers by the line',
    what: '200 sockets send one header a second, and never the last',
    answers: [431, ...refused],
    seconds: 20,
    start({ sockets, pause, many }) {
      sockets(many(60, 200), async (wire) => {
        await wire.send('GET /healthz HTTP/1.1\r\nhost: bulkhead\r\n')
        for (let i = 0; wire.isOpen(); i++) {
          await wire.send(`x-${i}: slow\r\n`)
          await pause(1000)
        }
      })
    },
  },
  {
    name: 'silent sockets',
    what: '500 sockets connect and say nothing',
    answers: refused,
    start: ({ sockets, many }) => sockets(many(200, 500), async () => {}),
  },
  {
    name: 'TLS and noise',
    what: '50 clients send a TLS hello, HTTP/2’s preface or random bytes to the plain port, again and again',
    answers: [...refused, 505],
    start({ sockets }) {
      const hello = Buffer.concat([Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]), randomBytes(505)])
      const firsts = [
        hello,
        Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
        randomBytes(60_000),
        Buffer.from('A'.repeat(60_000)),
      ]
      sockets(50, (wire, i) => wire.send(firsts[i % firsts.length]!), { again: 100 })
    },
  },
  {
    name: 'half-closed sockets',
    what: '100 clients close their side after half a request, a whole one, or half a body, and stay to hear',
    answers: [200, 401, ...refused],
    start({ sockets, world, many }) {
      const { slug, places } = world.hostile
      const { token } = places.plain
      const list = `/${slug}/${places.plain.slug}/envs/default/entities?limit=50`
      const headers = { 'content-type': 'application/json', 'content-length': '100' }
      const firsts = [
        'GET /healthz HTTP/1.1\r\nhost: b',
        head(list, { token }),
        `${head(list.replace('?limit=50', ''), { method: 'POST', token, headers })}{"name"`,
        head(`/${slug}/${places.crowded.slug}/export`, { token: places.crowded.token }),
        '',
      ]
      sockets(many(40, 100), async (wire, i) => {
        await wire.send(firsts[i % firsts.length]!)
        wire.socket.end()
      })
    },
  },
  {
    name: 'writes pipelined without end',
    what: '8 sockets send writes one after the other without waiting, and never read',
    answers: [201, 409, ...refused],
    start({ sockets, world }) {
      sockets(
        8,
        async (wire, i) => {
          for (let n = 0; n < 20_000 && wire.isOpen(); n++) await wire.send(entity(world, `piped-${i}-${n}`))
        },
        { hears: false },
      )
    },
  },
  {
    name: 'small requests pipelined without end',
    what: '8 sockets send GET /me, /healthz and unknown paths without waiting, and never read',
    answers: refused,
    start({ sockets, world }) {
      const all = [
        head('/me', { token: world.hostile.owner, goesOn: true }),
        ...['/healthz', '/me', '/a/b/c'].map((path) => head(path, { goesOn: true })),
      ]
        .join('')
        .repeat(50)
      sockets(
        8,
        async (wire) => {
          for (let n = 0; n < 200 && wire.isOpen(); n++) await wire.send(all)
        },
        { hears: false },
      )
    },
  },
  {
    name: 'upgrades and tunnels',
    what: '50 clients ask for WebSockets, HTTP/2 and tunnels, and go on sending',
    answers: [200, 401, 404, 417, 426, ...refused],
    isPage: true,
    start({ sockets }) {
      const upgrade = (path: string, to: string) =>
        head(path, {
          headers: { connection: 'Upgrade', upgrade: to, 'sec-websocket-key': 'x'.repeat(24), 'sec-websocket-version': '13' },
        })
      const firsts = [
        upgrade('/healthz', 'websocket'),
        upgrade('/_next/webpack-hmr', 'websocket'),
        upgrade('/login', 'h2c'),
        'CONNECT 127.0.0.1:5432 HTTP/1.1\r\nhost: 127.0.0.1:5432\r\n\r\n',
        head('/healthz', { headers: { expect: 'miracles' } }),
      ]
      sockets(50, async (wire, i) => {
        await wire.send(firsts[i % firsts.length]!)
        for (let n = 0; n < 20 && wire.isOpen(); n++) await wire.send(Buffer.alloc(16 * 1024, 'x'))
      })
    },
  },
  {
    name: 'sockets opened and reset',
    what: '50 clients connect, ask for something that takes a connection, and reset, without a pause',
    answers: refused,
    start({ sockets, world }) {
      const { slug, owner } = world.hostile
      const first = head(`/orgs/${slug}/project-summaries?limit=200`, { token: owner })
      sockets(
        50,
        async (wire) => {
          await wire.send(first)
          hangUp(wire)
        },
        { again: 50 },
      )
    },
  },
]
