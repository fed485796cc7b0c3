import { sql } from 'kysely'
import type { Trx } from '#db/client'

/** Tables whose rows get the time of their first event, and the text by which an event names a row. */
const keys = {
  environments: sql`id::text`,
  repo_links: sql`id::text`,
  project_tokens: sql`id::text`,
  project_members: sql`user_id::text`,
  entity_types: sql`name`,
  cells: sql`name`,
  entities: sql`id::text`,
  relationship_types: sql`name`,
  relationships: sql`id::text`,
  secrets: sql`name`,
  catalog_revisions: sql`id::text`,
  wipes: sql`id::text`,
}
type Table = keyof typeof keys

/** Tables with a time of last change. */
const changing: readonly Table[] = [
  'project_members',
  'entity_types',
  'cells',
  'entities',
  'relationship_types',
  'relationships',
  'secrets',
]

/** The fields of an event's state that name what it made as well, besides its target. */
const alsoNamedIn: Partial<Record<Table, readonly string[]>> = {
  project_tokens: ['id'],
  catalog_revisions: ['revisionId'],
  wipes: ['wipeId', 'replacedBy'],
}

type Times = { made: string | null; changed: string }

/**
 * When each thing has its first and its last event, by its name in them. Read before any row is changed: where the rows of a project are
 * on another machine than the audit log, no statement can have both.
 */
async function eventTimes(trx: Trx, projectId: string, table: Table): Promise<Map<string, Times>> {
  const names = (alsoNamedIn[table] ?? []).map((field) => sql`, e.after ->> ${field}`)
  const { rows } = await sql<Times & { name: string }>`
    select name, min(e.created_at) filter (where e.action not like 'project.c%')::text as made, max(e.created_at)::text as changed
    from audit_events e, unnest(array[e.target_id ${sql.join(names, sql``)}]) name
    where e.project_id = ${projectId} and name is not null group by name`.execute(trx)
  return new Map(rows.map(({ name, made, changed }) => [name, { made, changed }]))
}

/** Dates rows by their first event, and by their last one where the table has a time of change; others get the project's time. */
async function dateRows(trx: Trx, projectId: string, created: string, table: Table): Promise<void> {
  const times = await eventTimes(trx, projectId, table)
  const { rows } = await sql<{ key: string }>`
    select ${keys[table]} as key from ${sql.table(table)} where project_id = ${projectId}`.execute(trx)
  const of = (key: string, which: keyof Times) => times.get(key)?.[which] ?? created
  const [all, made, changed] = [
    rows.map(({ key }) => key),
    rows.map(({ key }) => of(key, 'made')),
    rows.map(({ key }) => of(key, 'changed')),
  ]
  const updated = changing.includes(table) ? sql`, updated_at = greatest(t.made, t.changed)` : sql``
  await sql`
    update ${sql.table(table)} set created_at = t.made ${updated}
    from unnest(${all}::text[], ${made}::timestamptz[], ${changed}::timestamptz[]) t (key, made, changed)
    where project_id = ${projectId} and ${keys[table]} = t.key`.execute(trx)
}

/** Dense at first and sparse later, in order. */
const spreadEvents = (projectId: string, days: number) => sql`
  update audit_events a set created_at = now() - make_interval(secs => ${days * 86_400} * (1 - part * part))
  from (select id, (row_number() over (order by id) - 1)::float8 / count(*) over () as part from audit_events where project_id = ${projectId}) s
  where s.id = a.id`

const projectWhenTold = (projectId: string) => sql`
  update projects p set created_at = e.first, updated_at = e.last
  from (select min(created_at) as first, max(created_at) as last from audit_events where project_id = ${projectId} and action in ('project.created', 'project.updated')) e
  where p.id = ${projectId}`

const wipesWhenTold = (projectId: string) => sql`
  update wipes r set purge_after = r.created_at + (r.purge_after - now()),
    restored_at = (select e.created_at from audit_events e where e.project_id = r.project_id and e.target_id = r.id::text)
  where r.project_id = ${projectId}`

const tokensUsed = (projectId: string) => sql`
  update project_tokens set last_used_at = least(now() - interval '7 minutes' * (1 + abs(hashtext(name)) % 400), expires_at)
  where project_id = ${projectId}`

/** A person's last sign-in is no earlier than their last event. */
const actorsSeen = (projectId: string) => sql`
  update users u set last_signed_in_at = greatest(u.last_signed_in_at, e.last)
  from (select actor_id, max(created_at) as last from audit_events where project_id = ${projectId} and actor_kind = 'user' group by actor_id) e
  where e.actor_id = u.id`

/**
 * A demo project is created in one transaction. This spreads its times over the days before, so that times on the screens differ:
 * first the events, then each row to the time of its event.
 */
export async function moveIntoThePast(trx: Trx, projectId: string, days: number): Promise<void> {
  for (const statement of [spreadEvents(projectId, days), projectWhenTold(projectId)]) await statement.execute(trx)
  const { rows } = await sql<{ created: string }>`
    select created_at::text as created from projects where id = ${projectId}`.execute(trx)
  for (const table of Object.keys(keys) as Table[]) await dateRows(trx, projectId, rows[0]!.created, table)
  for (const statement of [wipesWhenTold(projectId), tokensUsed(projectId), actorsSeen(projectId)]) await statement.execute(trx)
}

/** The organization and its people are older than their projects. */
export async function moveOrganizationIntoThePast(trx: Trx, orgId: string, days: number): Promise<void> {
  const then = sql`now() - make_interval(days => ${days})`
  const statements = [
    sql`update organizations set created_at = ${then}, updated_at = ${then} where id = ${orgId}`,
    sql`update organization_members set created_at = ${then}, updated_at = ${then} where org_id = ${orgId}`,
    sql`update users set created_at = ${then}, updated_at = ${then} where id in (select user_id from organization_members where org_id = ${orgId})`,
    sql`update audit_events set created_at = ${then} where actor_kind = 'system' and created_at = now()`,
  ]
  for (const statement of statements) await statement.execute(trx)
}
