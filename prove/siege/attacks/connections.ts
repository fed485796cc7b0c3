import { randomUUID } from 'node:crypto'
import { type Attack, overload } from '../attack.ts'
import { type Onslaught, head } from '../onslaught.ts'

const done = [200, 201, 204, 207, 403, 404, 409, 412, ...overload] as const

const inPlace = ({ hostile }: Onslaught['world'], place = hostile.places.plain) => `/${hostile.slug}/${place.slug}`

const manyItems = (n: number, word: string, turn: number) =>
  JSON.stringify({
    items: Array.from({ length: n }, (_, i) => ({
      kind: 'Entity',
      entityType: 'thing',
      name: `${word}-${i}`,
      labels: { turn: String(turn) },
    })),
  })

/** What ordinary members of a project do in it, in turns. */
function write({ call, world }: Onslaught, i: number, turn: number) {
  const { hostile } = world
  const place = hostile.places.locked
  const { token } = place
  const project = `/orgs/${hostile.slug}/projects/${place.slug}`
  const entities = `${inPlace(world, place)}/envs/default/entities`
  const member = `${project}/members/${hostile.spare[i % hostile.spare.length]}`
  const kinds = [
    () => call(`POST ${entities}`, { token, body: JSON.stringify({ entityType: 'thing', name: `w-${i}-${turn}` }) }),
    () => call(`PUT ${project}`, { token: hostile.owner, body: JSON.stringify({ metadata: { turn } }) }),
    () => call(`PUT ${entities}/thing-${i}`, { token, body: JSON.stringify({ labels: { turn: String(turn) } }) }),
    () => call(`DELETE ${entities}/w-${i}-${turn - 3}`, { token }),
    () => call(`PATCH ${member}`, { token: hostile.owner, body: JSON.stringify({ role: 'viewer' }) }),
    () => call(`POST ${inPlace(world, place)}/environments`, { token, body: JSON.stringify({ name: `env-${i % 5}` }) }),
  ]
  return kinds[(i + turn) % kinds.length]!()
}

/** One apply after the other, each holding the project while it runs. */
function applying({ callers, call, world, many }: Onslaught, word: string) {
  const place = world.hostile.places.locked
  callers(1, 100, (_, turn) =>
    call(`POST ${inPlace(world, place)}/envs/default/apply`, {
      token: place.token,
      body: manyItems(many(8000, 60_000), word, turn),
    }),
  )
}

export const connections: Attack[] = [
  {
    name: 'imports that begin and stop',
    what: '11 clients begin an import with one newline, and then send nothing',
    answers: [400, ...done],
    seconds: 20,
    start({ sockets, world }) {
      const { slug, empty } = world.hostile
      const headers = { 'content-type': 'application/x-ndjson', 'content-length': '1000' }
      sockets(11, (wire, i) => {
        const place = empty[i % empty.length]!
        return wire.send(`${head(`/${slug}/${place.slug}/import`, { method: 'POST', token: place.token, headers })}\n`)
      })
    },
  },
  {
    name: 'an apply and twelve writers',
    what: 'one apply of 60,000 items and 12 ordinary writers in the same project',
    answers: done,
    seconds: 15,
    start(onslaught) {
      applying(onslaught, 'long')
      onslaught.callers(12, 50, (i, turn) => write(onslaught, i, turn))
    },
  },
  {
    name: 'a hundred waits behind one lock',
    what: 'an apply of 60,000 items, and behind it 100 callers who write, nuke, undo, rename and change members in its project',
    answers: done,
    seconds: 15,
    start(onslaught) {
      const { callers, call, world, many } = onslaught
      const place = world.hostile.places.locked
      applying(onslaught, 'held')
      callers(many(40, 90), 100, (i, turn) => write(onslaught, i, turn))
      callers(5, 1000, () => call(`GET ${inPlace(world, place)}/nuke/preview`, { token: place.token }))
      callers(5, 500, (i) =>
        call(`DELETE /orgs/${world.hostile.slug}/projects/${place.slug}/members/${world.hostile.spare[i]}`, {
          token: world.hostile.owner,
        }),
      )
    },
  },
  {
    name: 'fifty requests with one key',
    what: '50 callers send the same apply of 20,000 items with one Idempotency-Key, and wait for one another',
    answers: done,
    start({ callers, call, world, many }) {
      const place = world.hostile.places.locked
      const key = randomUUID()
      const body = manyItems(many(3000, 20_000), 'once', 0)
      callers(50, 500, (_, turn) =>
        call(`POST ${inPlace(world, place)}/envs/default/apply`, {
          token: place.token,
          headers: { 'idempotency-key': `${key}-${turn}` },
          body,
        }),
      )
    },
  },
  {
    name: 'expensive reads',
    what: '60 callers of one organization ask for usage, placement, stats, reviews, previews, summaries and %_%_%, again and again',
    answers: [200, 400, 404, ...overload],
    start({ callers, call, world }) {
      const { slug, owner, places } = world.hostile
      const at = inPlace(world, places.crowded)
      const project = `/orgs/${slug}/projects/${places.crowded.slug}`
      const wild = encodeURIComponent('%_%_%_%')
      const paths = [
        `${at}/cell-usage`,
        `${at}/cells/region-1/placement`,
        `${at}/stats`,
        `${at}/scope-preview?cells=${encodeURIComponent(JSON.stringify(['region-1', 'zone-2', 'zone-3']))}`,
        `${at}/envs/default/entities?q=${wild}&limit=200`,
        `${at}/envs/default/entities?label=a:b&limit=200`,
        `${at}/envs/default/entities?cell=region-1&limit=200`,
        `/${slug}/${places.plain.slug}/audit-events?target=${wild}&limit=200`,
        `/orgs/${slug}/members?q=${wild}&limit=200`,
        `/orgs/${slug}/projects?q=${wild}&limit=200`,
        `/orgs/${slug}/project-summaries?limit=200`,
        `/orgs/${slug}/access-review?limit=200&sort=-seen`,
        `${project}/access-review?limit=200`,
        `/orgs/${slug}/usage`,
      ]
      callers(60, 50, (i, turn) => call(`GET ${paths[(i + turn) % paths.length]}`, { token: owner }))
    },
  },
  {
    name: 'reads that count',
    what: '60 callers of one organization ask for people by risk, projects by size and by change, and the activity of a month, again and again',
    answers: [200, 400, ...overload],
    start({ callers, call, world }) {
      const { slug, owner, places } = world.hostile
      const org = `/orgs/${slug}`
      const paths = [
        `${org}/access-review/people?limit=200`,
        `${org}/access-review/risks`,
        `${org}/project-summaries?sort=-rows&limit=200`,
        `${org}/project-summaries?sort=-lastChangeAt&activity=idle&limit=200`,
        `${org}/project-count?activity=idle`,
        `${org}/audit-events?action=entity.updated&limit=200`,
        `/${slug}/${places.plain.slug}/audit-events/activity?days=30`,
        `/${slug}/${places.crowded.slug}/cells?q=%25_%25&limit=200`,
      ]
      callers(60, 50, (i, turn) => call(`GET ${paths[(i + turn) % paths.length]}`, { token: owner }))
    },
  },
  {
    name: 'nothing but pages of projects',
    what: '100 callers of one organization ask for pages of projects and of entities without a pause',
    answers: [200, ...overload],
    start({ callers, call, world, many }) {
      const { slug, owner, places } = world.hostile
      const paths = [`/orgs/${slug}/projects?limit=200`, `${inPlace(world, places.crowded)}/envs/default/entities?limit=200`]
      callers(many(60, 100), 20, (i) => call(`GET ${paths[i % 2]}`, { token: owner }))
    },
  },
  {
    name: 'wrong passwords',
    what: '60 callers try to sign in with wrong passwords from one address, at accounts that are and that are not',
    answers: [401, ...overload],
    start({ callers, call, world }) {
      callers(60, 50, (i, turn) => {
        const email = i % 2 === 0 ? world.hostile.email : `nobody-${i}-${turn}@org-0.example`
        return call('POST /session', { body: JSON.stringify({ email, password: `guess ${i} ${turn} `.repeat(5) }) })
      })
    },
  },
  {
    name: 'forgotten passwords and dead links',
    what: '40 callers ask for new passwords, and try reset links, invitations and passkeys that nobody sent',
    answers: [200, 201, 202, 204, 400, 401, 403, 404, 409, 410, ...overload],
    start({ callers, call }) {
      const steps = [
        (n: string) => call('POST /password-resets', { body: JSON.stringify({ email: `nobody-${n}@org-0.example` }) }),
        (n: string) => call(`POST /password-resets/${n}`, { body: JSON.stringify({ password: 'tuesday apricot lantern' }) }),
        (n: string) => call(`GET /invitations/${n}`),
        () => call('POST /session/passkey/options', { body: '{}' }),
        () => call('POST /session/passkey', { body: JSON.stringify({ credential: {} }) }),
      ]
      callers(40, 50, (i, turn) => steps[(i + turn) % steps.length]!(`${i}-${turn}`))
    },
  },
  {
    name: 'tokens made and rotated',
    what: '20 callers make, rotate and revoke tokens of one project in a loop',
    answers: done,
    start({ callers, call, world }) {
      const at = `${inPlace(world)}/tokens`
      const { token } = world.hostile.places.plain
      callers(20, 20, async (i) => {
        const made = await call(`POST ${at}`, { token, body: JSON.stringify({ name: `loop-${i}`, role: 'viewer' }) })
        if (made?.status !== 201) return
        const { id } = JSON.parse(made.body) as { id: string }
        await call(`POST ${at}/${id}/rotate`, { token, body: JSON.stringify({ overlapSeconds: 60 }) })
        await call(`DELETE ${at}/${id}`, { token })
      })
    },
  },
  {
    name: 'nukes and undos',
    what: '20 callers nuke one project and undo that in a loop',
    answers: done,
    start({ callers, call, world }) {
      const place = world.hostile.places.nuked
      const { token } = place
      callers(20, 20, async () => {
        const nuked = await call(`DELETE ${inPlace(world, place)}/nuke`, { token })
        const { wipeId } = nuked?.status === 200 ? (JSON.parse(nuked.body) as { wipeId?: string | null }) : {}
        if (wipeId) await call(`POST /orgs/${world.hostile.slug}/projects/${place.slug}/wipes/${wipeId}/restore`, { token })
      })
    },
  },
  {
    name: 'writes to everything',
    what: '60 callers of one organization write to ten of its projects at once without a pause',
    answers: done,
    start({ callers, call, world, many }) {
      const { empty, places } = world.hostile
      const all = [...empty, ...Object.values(places)]
      callers(many(30, 60), 10, (i, turn) => {
        const place = all[i % all.length]!
        const secret = { name: `secret-${i}-${turn % 10}` }
        return turn % 2 === 0
          ? call(`POST ${inPlace(world, place)}/envs/default/secrets`, { token: place.token, body: JSON.stringify(secret) })
          : call(`POST ${inPlace(world, place)}/entity-types`, {
              token: place.token,
              body: JSON.stringify({ name: `type-${i}-${turn}`, states: ['a'], initialState: 'a' }),
            })
      })
    },
  },
]
