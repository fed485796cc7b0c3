import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { isCarried, leftOut, leftOutSchemas, listTables } from './tables.ts'
import { createTestDatabase } from '#test/support/database/database'

const { db, ...database } = await createTestDatabase()
afterAll(() => database.drop())

/** Each new table is listed here or, with the reason, in `leftOut`. */
const carried = [
  'access_reviews',
  'agents',
  'audit_chains',
  'audit_events',
  'audit_keys',
  'catalog_revisions',
  'cell_members',
  'cell_parents',
  'cells',
  'core_instances',
  'effective_cell_members',
  'entities',
  'entity_types',
  'environments',
  'expiry_notices',
  'favorite_projects',
  'invitation_projects',
  'invitations',
  'notices',
  'organization_members',
  'organization_quotas',
  'organizations',
  'passkeys',
  'personal_tokens',
  'project_members',
  'project_tokens',
  'projects',
  'recovery_codes',
  'relationship_types',
  'relationships',
  'repo_links',
  'row_counts',
  'sealing_canary',
  'secret_values',
  'secrets',
  'totp_factors',
  'user_identities',
  'users',
  'webhook_deliveries',
  'webhooks',
  'wipes',
]

test('every table is either carried by a backup or left out, with a reason', async () => {
  const tables = await listTables(db)
  expect(tables.map(({ name }) => name)).toEqual([...carried, ...Object.keys(leftOut)].toSorted())
  expect(tables.filter(isCarried).map(({ name }) => name)).toEqual(carried)
  expect(Object.values({ ...leftOut, ...leftOutSchemas }).filter((reason) => reason.length < 10)).toEqual([])
})

test('nothing that is carried refers to what is left out', async () => {
  const { rows } = await sql<{ child: string; parent: string }>`
    select conrelid::regclass::text as child, confrelid::regclass::text as parent from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace`.execute(db)
  expect(rows.filter(({ child, parent }) => !(child in leftOut) && parent in leftOut)).toEqual([])
})

test('there is nothing beside these tables that a backup would have to carry', async () => {
  const schemas = await sql<{ name: string }>`select nspname as name from pg_namespace
    where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')`.execute(db)
  expect(schemas.rows.map(({ name }) => name).toSorted()).toEqual(Object.keys(leftOutSchemas))
  const others = await sql<{ name: string }>`select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind not in ('r', 'i')`.execute(db)
  expect(others.rows, 'sequences, views, partitions and foreign tables').toEqual([])
})
