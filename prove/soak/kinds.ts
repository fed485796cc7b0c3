import type { Who } from '#test/support/http/client'
import type { Org, Place } from './world.ts'

/** One client: their project, the people they add and remove, and their browser's cookies. */
export type Seat = { org: Org; place: Place; spare: string; cookie: Record<string, string>; turn: number }

/** Sends one request and requires this status. */
export type Call = <Body>(status: number, who: Who, request: string, json?: unknown) => Promise<Body>

export type Kind = { weight: number; run: (call: Call, seat: Seat) => Promise<void> }

const any = <T>(all: T[]): T => all[Math.floor(Math.random() * all.length)]!

const type = {
  kind: 'EntityType',
  name: 'server',
  states: ['active', 'failed'],
  initialState: 'active',
  properties: [{ name: 'region', type: 'string' }],
}
const cells = ['eu', 'us'].map((name) => ({
  kind: 'Cell',
  name,
  entityType: 'server',
  membership: { derivedFrom: { property: 'region' } },
}))
const entities = (n: number, state: string) =>
  Array.from({ length: n }, (_, i) => ({
    kind: 'Entity',
    entityType: 'server',
    name: `server-${i}`,
    state,
    properties: { region: i % 2 === 0 ? 'eu' : 'us' },
  }))

/** The contents of a project when the soak begins. */
export const catalog = { items: [type, ...cells, ...entities(200, 'active')] }

const inPlace = ({ org, place }: Seat) => `/${org.slug}/${place.slug}`
const projectOf = ({ org, place }: Seat) => `/orgs/${org.slug}/projects/${place.slug}`

/** All requests that the console sends when a page opens, at once as in a browser. */
const page = (weight: number, paths: (seat: Seat) => string[]): Kind => ({
  weight,
  async run(call, seat) {
    const frame = ['/me', '/orgs', `/orgs/${seat.org.slug}/access`, '/me/notices/unread']
    await Promise.all([...frame, ...paths(seat)].map((path) => call(200, seat.cookie, `GET ${path}`)))
  },
})

const read = (weight: number, path: (seat: Seat) => string): Kind => ({
  weight,
  run: (call, seat) => call(200, seat.org.owner, `GET ${path(seat)}`),
})

/** By their names in the table. A larger weight means more often. */
export const kinds: Record<string, Kind> = {
  'page: projects': page(6, ({ org }) => [`/orgs/${org.slug}/project-summaries?limit=50`]),
  'page: overview': page(6, (seat) => [projectOf(seat), `${projectOf(seat)}/access`, `${inPlace(seat)}/stats`]),
  'page: members': page(4, (seat) => [projectOf(seat), `${projectOf(seat)}/access`, `${projectOf(seat)}/members?limit=100`]),
  'page: entities': page(4, (seat) => [
    projectOf(seat),
    `${projectOf(seat)}/access`,
    `${inPlace(seat)}/envs/default/entities?limit=100`,
  ]),
  'page: HTML': { weight: 1, run: (call, seat) => call(200, seat.cookie, `GET /console/${seat.org.slug}`) },
  'read: projects': read(10, ({ org }) => `/orgs/${org.slug}/projects?limit=100`),
  'read: projects by name': read(4, ({ org }) => `/orgs/${org.slug}/projects?q=${Math.floor(Math.random() * 1000)}`),
  'read: one project': read(10, ({ org }) => `/orgs/${org.slug}/projects/${any(org.slugs)}`),
  'read: members': read(8, ({ org }) => `/orgs/${org.slug}/projects/${any(org.slugs)}/members`),
  'read: people by name': read(3, ({ org }) => `/orgs/${org.slug}/members?q=user-${Math.floor(Math.random() * 1000)}`),
  'read: entities of a cell': read(8, (seat) => `${inPlace(seat)}/envs/default/entities?cell=eu&limit=100`),
  'read: audit events': read(4, (seat) => `${inPlace(seat)}/audit-events?limit=100`),
  'check: access': read(15, ({ org }) => `/orgs/${org.slug}/projects/${any(org.slugs)}/access`),
  'check: an entity': read(
    10,
    (seat) => `${projectOf(seat)}/access?env=default&entity=server-${Math.floor(Math.random() * 200)}`,
  ),
  'write: an entity': {
    weight: 8,
    async run(call, seat) {
      const all = `${inPlace(seat)}/envs/default/entities`
      const name = `extra-${seat.turn++}`
      const { token } = seat.place
      await call(201, token, `POST ${all}`, { entityType: 'server', name, properties: { region: 'eu' } })
      await call(200, token, `PUT ${all}/${name}`, { state: 'failed' })
      await call(200, token, `DELETE ${all}/${name}`)
    },
  },
  'write: a member': {
    weight: 5,
    async run(call, seat) {
      const all = `${projectOf(seat)}/members`
      await call(201, seat.org.owner, `POST ${all}`, { userId: seat.spare, role: 'viewer' })
      await call(200, seat.org.owner, `PATCH ${all}/${seat.spare}`, { role: 'member' })
      await call(200, seat.org.owner, `DELETE ${all}/${seat.spare}`)
    },
  },
  'write: a project': {
    weight: 3,
    run: (call, seat) => call(200, seat.org.owner, `PUT ${projectOf(seat)}`, { metadata: { turn: seat.turn++ } }),
  },
  'write: an apply of 20': {
    weight: 2,
    run: (call, seat) =>
      call(200, seat.place.token, `POST ${inPlace(seat)}/envs/default/apply`, {
        items: entities(20, seat.turn++ % 2 === 0 ? 'failed' : 'active'),
      }),
  },
  'write: a nuke and its undo': {
    weight: 1,
    async run(call, seat) {
      const { wipeId } = await call<{ wipeId: string }>(200, seat.place.token, `DELETE ${inPlace(seat)}/nuke`)
      await call(200, seat.place.token, `POST ${projectOf(seat)}/wipes/${wipeId}/restore`)
    },
  },
  'v1: projects': read(4, () => '/v1/projects'),
  'v1: members': read(4, ({ place }) => `/v1/projects/${place.id}/members`),
  'v1: an agent': {
    weight: 4,
    async run(call, seat) {
      const who = { 'x-project-token': seat.place.token }
      const machineID = `machine-${seat.turn++}`
      const agent = { name: machineID, machineID, type: 'fluentbit', version: 'v3.1.0', edition: 'community' }
      const { id } = await call<{ id: string }>(201, who, 'POST /v1/agents', agent)
      await call(204, who, `PATCH /v1/agents/${id}`, { name: `${machineID}-renamed` })
      await call(204, who, `DELETE /v1/agents/${id}`)
    },
  },
}
