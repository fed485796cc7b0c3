import { gzipSync } from 'node:zlib'
import { type Attack, overload } from '../attack.ts'
import { type Onslaught, type Wire, head } from '../onslaught.ts'

const MIB = 1024 * 1024
const json = { 'content-type': 'application/json' }
const chunked = { ...json, 'transfer-encoding': 'chunked' }
const gone = [400, ...overload] as const

const applyOf = ({ hostile }: Onslaught['world'], place = hostile.places.plain) => ({
  path: `/${hostile.slug}/${place.slug}/envs/default/apply`,
  token: place.token,
})

/** Ten thousand chunks of one byte each. */
const pieces = Buffer.from('1\r\nx\r\n'.repeat(10_000))

/** Sends a million chunks of one byte, or as many as the server takes. */
async function tinyChunks(wire: Wire, first: string) {
  await wire.send(first)
  for (let i = 0; i < 100 && wire.isOpen(); i++) await wire.send(pieces)
  await wire.send('0\r\n\r\n')
}

/** Sends one byte a second, for as long as the server allows. */
async function drip({ pause }: Onslaught, wire: Wire, first: string, byte: string) {
  await wire.send(first)
  while (wire.isOpen()) {
    await wire.send(byte)
    await pause(1000)
  }
}

/** Sends all of a body but its end, and then nothing. */
async function halfSent(wire: Wire, first: string, bytes: number) {
  await wire.send(first)
  const piece = Buffer.alloc(64 * 1024, ' ')
  for (let sent = 0; sent < bytes && wire.isOpen(); sent += piece.length) await wire.send(piece)
}

export const bodies: Attack[] = [
  {
    name: 'a million chunks of one byte',
    what: '24 sockets without a credential send POST /session in a million chunks of one byte each',
    answers: gone,
    seconds: 12,
    start: ({ sockets }) =>
      sockets(24, (wire) => tinyChunks(wire, head('/session', { method: 'POST', headers: chunked })), { again: 1000 }),
  },
  {
    name: 'a million chunks of one byte, with a credential',
    what: '16 sockets send an apply in a million chunks of one byte each',
    answers: gone,
    start({ sockets, world }) {
      const { path, token } = applyOf(world)
      sockets(16, (wire) => tinyChunks(wire, head(path, { method: 'POST', token, headers: chunked })), { again: 1000 })
    },
  },
  {
    name: 'v1 bodies in chunks of one byte',
    what: '16 sockets register an agent, send metrics, and join a project, in chunks of one byte each',
    answers: [401, 404, 415, 422, ...gone],
    start({ sockets, world }) {
      const { plain } = world.hostile.places
      const proof = { 'x-project-token': plain.token }
      const msgpack = { ...proof, 'content-type': 'application/x-msgpack', 'transfer-encoding': 'chunked' }
      const firsts = [
        head('/v1/agents', { method: 'POST', headers: { ...proof, ...chunked } }),
        head(`/v1/agents/${plain.id}/metrics`, { method: 'POST', headers: msgpack }),
        head('/v1/join_project', { method: 'POST', headers: chunked }),
        head(`/v1/projects/${plain.id}`, { method: 'PATCH', headers: { ...proof, ...chunked } }),
      ]
      sockets(16, (wire, i) => tinyChunks(wire, firsts[i % firsts.length]!), { again: 1000 })
    },
  },
  {
    name: 'pages and next-auth in chunks of one byte',
    what: '16 sockets send bodies to /login, /console and /api/auth/… in chunks of one byte each',
    answers: [200, 302, 303, 307, 308, 401, 403, 404, 405, 411, 415, ...gone],
    isPage: true,
    start({ sockets }) {
      const paths = ['/api/auth/signout', '/api/auth/callback/credentials', '/login', '/console', '/api/auth/_log', '/docs']
      sockets(16, (wire, i) => tinyChunks(wire, head(paths[i % paths.length]!, { method: 'POST', headers: chunked })), {
        again: 1000,
      })
    },
  },
  {
    name: 'slow bodies',
    what: '200 sockets without a credential send a body of a kilobyte at one byte a second',
    answers: gone,
    seconds: 20,
    start: (onslaught) =>
      onslaught.sockets(onslaught.many(60, 200), (wire) =>
        drip(onslaught, wire, head('/session', { method: 'POST', headers: { ...json, 'content-length': '1000' } }), ' '),
      ),
  },
  {
    name: 'slow bodies with a credential',
    what: '200 sockets send an apply, an import and an agent in one chunk of one byte a second',
    answers: gone,
    seconds: 20,
    start(onslaught) {
      const { world, sockets, many } = onslaught
      const { path, token } = applyOf(world)
      const [place] = world.hostile.empty
      const ndjson = { 'content-type': 'application/x-ndjson', 'transfer-encoding': 'chunked' }
      const firsts = [
        head(path, { method: 'POST', token, headers: chunked }),
        head(`/${world.hostile.slug}/${place!.slug}/import`, { method: 'POST', token: place!.token, headers: ndjson }),
        head('/v1/agents', { method: 'POST', headers: { ...chunked, 'x-project-token': token } }),
      ]
      sockets(many(60, 200), (wire, i) => drip(onslaught, wire, firsts[i % firsts.length]!, '1\r\n \r\n'))
    },
  },
  {
    name: 'bodies promised and never sent',
    what: '100 sockets ask with Expect: 100-continue and Content-Length, and send nothing',
    answers: [100, ...gone],
    start({ sockets, world, many }) {
      const { path, token } = applyOf(world)
      const headers = { ...json, 'content-length': '16000000', expect: '100-continue' }
      sockets(many(40, 100), (wire, i) =>
        wire.send(i % 2 === 0 ? head(path, { method: 'POST', token, headers }) : head('/session', { method: 'POST', headers })),
      )
    },
  },
  {
    name: 'bodies half sent',
    what: '60 sockets send 15 of 16 MiB of an apply, and then nothing',
    answers: gone,
    seconds: 12,
    start({ sockets, world, many }) {
      const { path, token } = applyOf(world)
      const first = head(path, { method: 'POST', token, headers: { ...json, 'content-length': String(16 * MIB) } })
      sockets(many(30, 60), (wire) => halfSent(wire, first, 15 * MIB))
    },
  },
  {
    name: 'bodies half sent by many tokens',
    what: '160 sockets with 40 tokens of one organization send 0.9 of 1 MiB of an apply, and then nothing',
    answers: gone,
    start({ sockets, world, many }) {
      const headers = { ...json, 'content-length': String(MIB) }
      const firsts = world.hostile.empty.slice(0, 40).map((place) => {
        const { path, token } = applyOf(world, place)
        return head(path, { method: 'POST', token, headers })
      })
      sockets(many(120, 160), (wire, i) => halfSent(wire, firsts[i % firsts.length]!, 0.9 * MIB))
    },
  },
  {
    name: 'v1 bodies half sent',
    what: '60 sockets send most of 1 MiB to POST /v1/agents and of 4 MiB to …/metrics, and then nothing',
    answers: [401, 404, ...gone],
    start({ sockets, world, many }) {
      const { plain } = world.hostile.places
      const proof = { 'x-project-token': plain.token }
      const agent = head('/v1/agents', { method: 'POST', headers: { ...json, ...proof, 'content-length': String(MIB) } })
      const type = { 'content-type': 'application/x-msgpack', 'content-length': String(4 * MIB) }
      const metrics = head(`/v1/agents/${plain.id}/metrics`, { method: 'POST', headers: { ...proof, ...type } })
      sockets(many(40, 60), (wire, i) => (i % 2 === 0 ? halfSent(wire, agent, 0.9 * MIB) : halfSent(wire, metrics, 3.8 * MIB)))
    },
  },
  {
    name: 'large bodies where no credential is needed',
    what: '30 sockets send 15 of 16 MiB to sign-in, password resets, invitations and set-up, without a credential, and then nothing',
    answers: [401, 403, 404, 409, ...gone],
    start({ sockets }) {
      const paths = [
        '/session',
        '/session/passkey',
        '/session/second-factor',
        '/password-resets',
        '/setup/owner',
        '/v1/join_project',
      ]
      const headers = { ...json, 'content-length': String(16 * MIB) }
      sockets(30, (wire, i) => halfSent(wire, head(paths[i % paths.length]!, { method: 'POST', headers }), 15 * MIB))
    },
  },
  {
    name: 'large bodies to pages',
    what: '30 sockets send 15 of 16 MiB to pages and next-auth, and then nothing',
    answers: [200, 302, 303, 307, 308, 401, 403, 404, 405, 411, 415, ...gone],
    isPage: true,
    start({ sockets }) {
      const paths = ['/api/auth/signout', '/api/auth/callback/credentials', '/login', '/console', '/api/auth/session', '/healthz']
      const form = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(16 * MIB) }
      sockets(30, (wire, i) => halfSent(wire, head(paths[i % paths.length]!, { method: 'POST', headers: form }), 15 * MIB))
    },
  },
  {
    name: 'bodies with a GET',
    what: '30 sockets send 15 of 16 MiB with a GET or DELETE that takes no body, and then nothing',
    answers: [200, 401, 403, 404, 405, 409, ...gone],
    start({ sockets, world }) {
      const { slug, places } = world.hostile
      const headers = { ...json, 'content-length': String(16 * MIB) }
      const { token } = places.plain
      const firsts = [
        head(`/${slug}/${places.plain.slug}/envs/default/entities`, { token, headers }),
        head(`/${slug}/${places.plain.slug}/envs/default/entities/nobody`, { method: 'DELETE', token, headers }),
        head('/healthz', { headers }),
        head('/me', { headers }),
      ]
      sockets(30, (wire, i) => halfSent(wire, firsts[i % firsts.length]!, 15 * MIB))
    },
  },
  {
    name: 'gzip bombs',
    what: '20 callers send an apply whose 16 KB of gzip hold 16 MiB',
    answers: [400, 415, ...overload],
    start({ callers, call, world }) {
      const { path, token } = applyOf(world)
      const body = gzipSync(Buffer.alloc(16 * MIB, ' '))
      callers(20, 200, () => call(`POST ${path}`, { token, headers: { ...json, 'content-encoding': 'gzip' }, body }))
    },
  },
]
