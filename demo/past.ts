import { type RawBuilder, sql } from 'kysely'
import type { Trx } from '#db/client'

/** Finds the event about a row by the row's own columns. */
const about = {
  environments: sql`e.target_id = r.id::text`,
  repo_links: sql`e.target_id = r.id::text`,
  project_tokens: sql`r.id::text in (e.target_id, e.after ->> 'id')`,
  project_members: sql`e.target_id = r.user_id::text`,
  entity_types: sql`e.target_id = r.name`,
  cells: sql`e.target_id = r.name`,
  entities: sql`e.target_id = r.id::text`,
  relationship_types: sql`e.target_id = r.name`,
  relationships: sql`e.target_id = r.id::text`,
  secrets: sql`e.target_id = r.name`,
  catalog_revisions: sql`e.after ->> 'revisionId' = r.id::text`,
  wipes: sql`r.id::text in (e.after ->> 'wipeId', e.after ->> 'replacedBy')`,
}
type Table = keyof typeof about

/** Tables with a time of last change. */
const changing = [
  'project_members',
  'entity_types',
  'cells',
  'entities',
  'relationship_types',
  'relationships',
  'secrets',
] as const satisfies Table[]

/** Dates rows by their first event; rows without one get the project's date. */
const madeWhenTold = (table: Table, projectId: string) => sql`
  update ${sql.table(table)} r set created_at = coalesce(
    (select min(e.created_at) from audit_events e where e.project_id = r.project_id and e.action not like 'project.c%' and ${about[table]}),
    (select p.created_at from projects p where p.id = r.project_id))
  where r.project_id = ${projectId}`

const changedWhenTold = (table: Table, projectId: string) => sql`
  update ${sql.table(table)} r set updated_at = greatest(r.created_at,
    (select max(e.created_at) from audit_events e where e.project_id = r.project_id and ${about[table]}))
  where r.project_id = ${projectId}`

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
  const tables = Object.keys(about) as Table[]
  const statements: RawBuilder<unknown>[] = [
    spreadEvents(projectId, days),
    projectWhenTold(projectId),
    ...tables.map((table) => madeWhenTold(table, projectId)),
    ...changing.map((table) => changedWhenTold(table, projectId)),
    wipesWhenTold(projectId),
    tokensUsed(projectId),
    actorsSeen(projectId),
  ]
  for (const statement of statements) await statement.execute(trx)
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
