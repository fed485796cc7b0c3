import { Client } from 'pg'
import { CreateToken } from '#contract/tokens/tokens'
import type { Database } from '#db/client'
import { issueProjectToken } from '#domain/tokens/issued'
import { clientOf } from '#test/support/http/client'
import { fillProject } from '../purging.ts'
import { password, settle } from '../soak/world.ts'
import { type Place, type World, hostilePlaces } from './target.ts'

/** The contents of every place that is not empty. */
const thing = { kind: 'EntityType', name: 'thing', states: ['active', 'failed'], initialState: 'active', properties: [] }
const zone = { ...thing, properties: [{ name: 'zone', type: 'string' }] }
const cells = ['eu', 'us'].map((name) => ({
  kind: 'Cell',
  name,
  entityType: 'thing',
  membership: { derivedFrom: { property: 'zone' } },
}))
const things = (n: number) =>
  Array.from({ length: n }, (_, i) => ({
    kind: 'Entity',
    entityType: 'thing',
    name: `thing-${i}`,
    properties: { zone: i % 2 === 0 ? 'eu' : 'us' },
  }))

/** Writes straight to the table: a log as if it had grown for years. $1 organization, $2 project, $3 number. */
const history = `insert into audit_events (id, org_id, project_id, actor_kind, actor_name, action, target_kind, target_id, target_name, after)
  select uuidv7(), $1, $2, 'system', 'siege', 'entity.updated', 'entity', 'e' || n, 'thing-' || n, jsonb_build_object('note', repeat('history ', 40))
  from generate_series(1, $3::int) n`

export type Scale = { projects: number; members: number; rows: number; events: number }

/** Creates two organizations: an attacker's, with more in it than most have, and a neighbor's. */
export async function furnish(
  { db, url }: { db: Database; url: string },
  { projects, members, rows, events }: Scale,
): Promise<World> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { orgs } = await settle(db, client, { organizations: 2, projects, members, purged: 0 })
  const [attacker, honest] = orgs
  const all = attacker!.places
  const places = Object.fromEntries(hostilePlaces.map((name, i) => [name, all[i]!])) as World['hostile']['places']
  await fillProject(db, url, places.crowded.id, rows)
  await client.query(history, [attacker!.id, places.plain.id, events])
  await client.query('analyze')
  await client.end()
  const { token: weakest } = await issueProjectToken(
    db,
    { id: places.crowded.id, org: { id: attacker!.id } },
    CreateToken.parse({ name: 'weakest', role: 'viewer', cellScopes: [] }),
  )
  return {
    password,
    hostile: { ...attacker!, weakest, places, empty: all.slice(hostilePlaces.length) },
    neighbor: { ...honest!, place: honest!.places[0]! },
  }
}

/** Adds what needs the server: each tenant's catalog, and a few entities. */
export async function stock(origin: string, { hostile, neighbor }: World): Promise<void> {
  const send = clientOf(origin)
  const apply = async (org: string, place: Place, items: object[]) => {
    const { status, text } = await send(place.token, `POST /${org}/${place.slug}/envs/default/apply`, { json: { items } })
    if (status !== 200) throw new Error(text)
  }
  await apply(neighbor.slug, neighbor.place, [thing, { kind: 'Entity', entityType: 'thing', name: 'honest' }])
  for (const name of ['plain', 'locked', 'nuked', 'chained'] as const)
    await apply(hostile.slug, hostile.places[name], [zone, ...cells, ...things(500)])
}

/**
 * Ordinary work of each kind that takes memory once, such as a thread that parses, or the code of a page. Only then a server is as
 * warm as one that attacks before it have used. Changes nothing.
 */
export async function work(origin: string, { hostile }: World): Promise<void> {
  const send = clientOf(origin)
  const { slug, owner } = hostile
  const { token, slug: project } = hostile.places.plain
  const labels = { note: 'x'.repeat(500) }
  const items = [zone, ...cells, ...things(500).map((item) => ({ ...item, labels }))]
  await send(token, `POST /${slug}/${project}/envs/default/apply?dryRun=true`, { json: { items } })
  await send(token, `GET /${slug}/${project}/export`)
  await send(owner, `GET /orgs/${slug}/projects?limit=200`)
  for (const page of ['/login', '/docs', '/openapi.json', '/v1/openapi.json']) await send(null, `GET ${page}`)
}
