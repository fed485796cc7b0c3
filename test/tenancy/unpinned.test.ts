import { readFile } from 'node:fs/promises'
import { afterAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest'
import { listProjectSummaries } from '#db/queries/projects/summaries'
import { listWipes } from '#db/queries/nuke/wipes'
import { createTestDatabase } from '#test/support/database/database'
import { newId } from '#domain/ids'
import { spansTenants } from './exceptions.ts'
import { noteStatements } from './sent.ts'
import { unpinned } from './unpinned.ts'

const tables = inject('statements').tables
const open = (sql: string) => unpinned(sql, tables).map(({ alias }) => alias)

const org = 'm.org_id = $1'
const project = 'm.project_id = $1'

describe('what is pinned', () => {
  test.for([
    // By values of the caller.
    `select from project_members m where ${project}`,
    'select from project_members where project_id = $1::uuid and role = $2',
    `select from project_members m where $1 = m.project_id`,
    `select from project_members m where m.project_id = any($1::uuid[])`,
    `select from project_members m where m.project_id in ($1, $2)`,
    `select from project_members m where (m.project_id, m.user_id) = ($1, $2)`,
    `select from project_members m where (m.project_id, m.user_id) in (($1, $2), ($3, $4))`,
    `select from audit_events m where m.org_id is not distinct from $1`,
    `select from project_members m where m.project_id = coalesce($1, $2)`,
    `select from organizations where slug = $1`,
    'select from projects p where p.org_id = $1 and p.id = $2',
    'select from audit_events m where m.org_id is null',
    'select from users where email = $1',
    'select from pg_class where relname = $1',
    `select from graphile_worker.jobs`,
    // By values of a pinned row, through joins.
    `select from projects p join project_members m on m.project_id = p.id where p.org_id = $1`,
    `select from projects p, project_members m where m.project_id = p.id and p.org_id = $1`,
    `select from projects p left join project_members m on m.project_id = p.id where p.org_id = $1`,
    `select from project_members m right join projects p on m.project_id = p.id where p.org_id = $1`,
    `select from project_members m join environments e using (project_id) where ${project}`,
    `select from project_members m join projects p on p.id = m.project_id where ${project}`,
    `select from project_members m join entities e on e.project_id = m.project_id join cells c on c.project_id = e.project_id where ${project}`,
    `select from webhooks w join webhook_deliveries d on d.webhook_id = w.id where w.org_id = $1`,
    // By a secret.
    `select from project_tokens t join projects p on p.id = t.project_id join organizations o on o.id = p.org_id where t.token_hash = $1`,
    // By what belongs to one person.
    `select from notices n where n.user_id = $1`,
    `select from organization_members m left join personal_tokens t on t.user_id = m.user_id and (t.org_id = m.org_id or t.org_id is null) where m.org_id = $1`,
    `select from sessions s left join viewings v on v.session_id = s.id where s.id = $1`,
    // Through subqueries.
    `select from project_members m where m.project_id in (select id from projects where org_id = $1)`,
    `select from project_members m where exists (select from projects p where p.id = m.project_id and p.org_id = $1)`,
    `select (select count(*) from project_members m where m.project_id = p.id) from projects p where p.org_id = $1`,
    `select from projects p where p.org_id = $1 and not exists (select from project_members m where m.project_id = p.id)`,
    `select from projects p cross join lateral (select from project_members m where m.project_id = p.id) x where p.org_id = $1`,
    `select from project_members m where m.project_id = any(array(select id from projects where org_id = $1))`,
    `select from (select id as at from projects where org_id = $1) p join project_members m on m.project_id = p.at`,
    `select from unnest($1::uuid[], $2::text[]) as v (at, role) join project_members m on m.project_id = v.at`,
    `select from (values ($1::uuid)) as v (at) join project_members m on m.project_id = v.at`,
    // Through WITH, including one that writes and a recursive one.
    `with p as (select id from projects where org_id = $1) select from project_members m join p on p.id = m.project_id`,
    `with gone as (delete from cells c where c.project_id = $1 returning c.project_id) select from entities e join gone on gone.project_id = e.project_id`,
    `with recursive up as (select project_id, cell, parent from cell_parents where project_id = $1
      union select u.project_id, c.cell, c.parent from up u join cell_parents c on c.project_id = u.project_id and c.cell = u.parent) select from up`,
    // Where either branch leads to a tenant.
    `select from audit_events m where ${org} or m.project_id = $2`,
    `select from project_members m where (${project} and m.role = $2) or (${project} and m.user_id = $3)`,
    `select from project_members where project_id = $1 union all select from project_members where project_id = $2`,
    // Writes.
    `update project_members m set role = $2 where ${project} and m.user_id = $3`,
    `update project_members m set role = $2 from projects p where p.id = m.project_id and p.org_id = $1`,
    `delete from project_members m using projects p where p.id = m.project_id and p.org_id = $1`,
    `insert into project_members (id, project_id, user_id) values ($1, $2, $3), ($4, $5, $6)`,
    `insert into project_members (id, project_id, user_id) select $1, p.id, $2 from projects p where p.org_id = $3`,
    `insert into webhook_deliveries (webhook_id, id) select w.id, $1 from webhooks w where w.org_id = $2`,
    `insert into row_counts as r (project_id, generation, table_name, backend, n) values ($1, $2, $3, $4, $5)
      on conflict (project_id, generation, table_name, backend) do update set n = r.n + excluded.n`,
  ])('%s', (sql) => expect(open(sql)).toEqual([]))
})

describe('what a sub-select takes from around it', () => {
  const here = 'm.project_id = $1 and m.generation = $2'
  test.for([
    [
      `select (select count(*) from cell_members m where ${here} and m.cell = c.name) from cells c where c.project_id = $1 and c.generation = $2`,
      '',
    ],
    [
      `select from cells c where c.project_id = $1 and c.generation = $2 and exists (select from cell_members m where ${here})`,
      '',
    ],
    [
      `with gone as (delete from cells c where c.project_id = $1 and c.generation = $2 returning c.project_id) select from entities e join gone on gone.project_id = e.project_id`,
      '',
    ],
    [`select from (select $1::uuid as at) v join cells c on c.project_id = v.at`, ''],
    [`select (select count(*) from cell_members m where m.project_id = c.project_id) from cells c where c.project_id = $1`, 'm'],
    [
      `select (select count(*) from cell_members m where m.project_id = $1 and m.generation = c.generation) from cells c where c.project_id = $1`,
      'm',
    ],
    [
      `select from cells c where c.project_id = $1 and exists (select from cell_members m where m.project_id = c.project_id)`,
      'm',
    ],
    [
      `select from cells c cross join lateral (select from cell_members m where m.project_id = c.project_id) x where c.project_id = $1`,
      'm',
    ],
    [
      `select array(select m.cell from cell_members m join cell_parents p on p.project_id = m.project_id where m.project_id = c.project_id) from cells c where c.project_id = $1`,
      'm',
    ],
  ])('%s: %s', ([sql, aliases]) => expect(open(sql!).toSorted()).toEqual(aliases === '' ? [] : aliases!.split(',')))
})

test('an update of a project’s data takes no value that differs between machines', () => {
  const where = 'where project_id = $1 and generation = $2'
  expect(open(`update cells set updated_at = statement_timestamp(), display_name = $3 ${where}`)).toEqual([])
  expect(open(`update cells set updated_at = clock_timestamp() ${where}`)).toEqual(['cells'])
  expect(open(`with u as (update secrets set updated_at = now() + random() * $3 ${where} returning name) select from u`)).toEqual(
    ['secrets'],
  )
  expect(open(`update projects set updated_at = clock_timestamp() where org_id = $1`)).toEqual([])
})

describe('what is not pinned', () => {
  test.for([
    ['select from project_members m', 'm'],
    ['select from project_members where id = $1', 'project_members'],
    ['select from project_members m where m.project_id <> $1', 'm'],
    ['select from project_members m where m.project_id <> all($1::uuid[])', 'm'],
    ['select from project_members m where m.project_id not in ($1, $2)', 'm'],
    [`select from project_members m where not (${project})`, 'm'],
    [`select from project_members m where ${project} or m.user_id = $2`, 'm'],
    [`select from project_members m where (${project}) is not true`, 'm'],
    ['select from project_members m where m.project_id = m.project_id', 'm'],
    ['select from project_members m where m.user_id = $1', 'm'],
    ['select from project_members m where coalesce(m.project_id = $1, true)', 'm'],
    ['select from projects p where p.id = $1', 'p'],
    ['select from organizations', 'organizations'],
    ['select from audit_events m where m.org_id is not null', 'm'],
    ['select from public.projects', 'projects'],
    // One of two is not enough, in either order.
    [`select from project_members m join project_members n on n.user_id = m.user_id where ${project}`, 'n'],
    [`select from entities e join cells c on c.project_id = e.project_id`, 'e,c'],
    [`select from projects p left join project_members m on p.org_id = $1`, 'p,m'],
    [`select from project_members m right join projects p on ${project}`, 'p'],
    [`select from project_members m full join projects p on ${project} and p.org_id = $1`, 'm,p'],
    [`select from project_members m left join projects p on p.id = m.project_id and p.org_id = $1`, 'm'],
    // A child that the caller names instead of its parent.
    ['select from webhook_deliveries d where d.webhook_id = $1', 'd'],
    ['insert into webhook_deliveries (webhook_id, id) values ($1, $2)', 'webhook_deliveries'],
    // People are in many organizations.
    ['insert into personal_tokens (id, user_id) values ($1, $2)', 'personal_tokens'],
    ['select from organization_members m left join personal_tokens t on t.user_id = m.user_id where m.org_id = $1', 't'],
    ['select from sessions s join viewings v on v.session_id = s.id', 'v'],
    ['select from organization_members a join organization_members b on b.user_id = a.user_id where a.org_id = $1', 'b'],
    ['select from organization_members a join users u on u.id = a.user_id join passkeys k on k.user_id = u.id', 'a'],
    // The inner query is judged by itself.
    ['select from (select * from project_members) m where m.project_id = $1', 'project_members'],
    [
      `select from project_members m where m.project_id in (select project_id from project_members where user_id = $1)`,
      'm,project_members',
    ],
    [`select from project_members m where m.project_id not in (select id from projects where org_id = $1)`, 'm'],
    [`select from project_members m where m.project_id > any(select id from projects where org_id = $1)`, 'm'],
    [
      `select from project_members m where exists (select from projects p left join cells c on c.project_id = m.project_id where p.org_id = $1)`,
      'm,c',
    ],
    [`select from project_members m where ${project} and exists (select from projects p where p.org_id = $1 or p.id = $2)`, 'p'],
    [`select (select count(*) from cells) from projects p where p.org_id = $1`, 'cells'],
    [`with p as (select id from projects) select from project_members m join p on p.id = m.project_id`, 'projects,m'],
    [
      `with recursive up as (select project_id, cell, parent from cell_parents where project_id = $1
      union select c.project_id, c.cell, c.parent from up u join cell_parents c on c.cell = u.parent) select from up`,
      'c',
    ],
    [`select from project_members m where ${project} union all select from project_members n`, 'n'],
    // Writes.
    ['update project_members set role = $1 where id = $2', 'project_members'],
    ['update project_members m set role = $1 from projects p where p.org_id = $2', 'm'],
    ['update project_members m set project_id = $1', 'm'],
    ['delete from project_members', 'project_members'],
    ['delete from project_members m using projects p where p.id = $1', 'm,p'],
    ['insert into project_members (id, user_id) values ($1, $2)', 'project_members'],
    ['insert into project_members (id, project_id) values ($1, $2), ($3, default)', 'project_members'],
    ['insert into project_members (project_id) select p.id from projects p', 'project_members,p'],
    ['insert into project_tokens as t (id, project_id) values ($1, $2) on conflict (id) do update set name = $3', 't'],
    ['truncate project_members, users', 'project_members'],
    ['merge into project_members m using projects p on p.id = m.project_id when matched then delete', 'm,p'],
    ['lock table cells', 'cells'],
    ['copy cells to stdout', 'cells'],
  ])('%s: %s', ([sql, aliases]) => expect(open(sql!).toSorted()).toEqual(aliases!.split(',').toSorted()))
})

describe('a statement of our code', () => {
  const unfiltered = { q: undefined, role: undefined, isProtected: undefined, changed: undefined, isFavorite: undefined }
  const page = { ...unfiltered, by: 'createdAt', descending: false, after: undefined, limit: 20 } as const
  const { sent, stop } = noteStatements()
  afterAll(stop)

  test('names its tenant, and is detected without it', async () => {
    const { db, ...database } = await createTestDatabase()
    onTestFinished(database.drop)
    await listProjectSummaries(db, newId(), { whose: { all: true }, userId: newId(), role: 'admin' }, page)
    await listWipes(db, newId(), { before: undefined, limit: 20 })
    const of = (from: string) => [...sent.values()].filter((one) => one.from === from).map(({ sql }) => sql)

    const [projects] = of('db/queries/projects/summaries.ts:listProjectSummaries')
    expect(open(projects!)).toEqual([])
    expect(open(projects!.replace(/"p"."org_id" = \$\d/, 'true'))).toEqual(['p', 'm', 'r', 'a', 'f'])
    expect(open(projects!.replace('m.project_id = p.id', 'true'))).toEqual(['m'])

    const [wipes] = of('db/queries/nuke/wipes.ts:listWipes')
    expect(unpinned(wipes!, tables)).toEqual([])
    const without = wipes!.replace('"project_id" = $1', '"project_id" is not null')
    expect(unpinned(without, tables)).toEqual([{ table: 'wipes', alias: 'wipes', by: ['project_id'] }])
  })

  test('is attributed to its query, even when it was prepared elsewhere', async () => {
    const { db, ...database } = await createTestDatabase()
    onTestFinished(database.drop)
    // A prepared query is printed once a process, which an earlier test may have caused.
    vi.resetModules()
    const { findProject } = await import('#db/queries/projects/projects')
    await db.selectFrom('projects').selectAll().execute()
    await findProject(db, newId(), { slug: 'of-nobody' }, null)
    const places = [...sent.values()].map(({ from }) => from)
    expect(places).toContain('db/queries/projects/projects.ts:findProject')
    expect(places.filter((from) => !from.startsWith('db/queries/'))).toEqual([])
  })
})

describe('the exceptions', () => {
  test.for(Object.entries(spansTenants))('%s exists, and has a reason', async ([from, reason]) => {
    const [path, name] = from.split(':')
    const source = await readFile(path!, 'utf8')
    expect(source).toMatch(new RegExp(name === undefined ? '' : `\\b(function\\*?|const) ${name}\\b`))
    expect(reason.length).toBeGreaterThan(10)
  })
})
