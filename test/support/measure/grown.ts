import type { Client } from 'pg'
import { CreateProject } from '#contract/projects/projects'
import { CreateToken } from '#contract/tokens/tokens'
import type { Database } from '#db/client'
import { wipedTables } from '#db/queries/project-rows'
import { findOrganization } from '#db/queries/organizations/organizations'
import { type Person, createUser } from '#domain/accounts/users'
import { newId } from '#domain/ids'
import { addOrganizationMember } from '#domain/organizations/members'
import { createOrganization } from '#domain/organizations/organizations'
import { createProject } from '#domain/projects/projects'
import { issuePersonalToken, issueProjectToken } from '#domain/tokens/issued'

/** What grows: everything of one organization and of its project `big` that can have a hundred thousand of a kind. */
export type Grown = {
  org: { id: string; slug: string }
  project: { id: string; slug: string; token: string }
  owner: Person & { token: string }
  /** A plain member of ten projects, and one of all. */
  few: Person & { token: string }
  all: Person & { token: string }
}

/** The organization before it grows. */
export async function plant(db: Database): Promise<Grown> {
  const person = async (name: string) => createUser(db, { email: `${name}@grown.test`, name })
  const owner = await person('owner')
  const org = await createOrganization(db, { slug: 'grown', name: 'Grown', owner })
  const member = async (name: string) => {
    const user = await person(name)
    await addOrganizationMember(db, org, user, 'member')
    return { ...user, token: (await issuePersonalToken(db, user, null, { name: 'bench' })).token }
  }
  const [few, all] = [await member('few'), await member('all')]
  const { token } = await issuePersonalToken(db, owner, null, { name: 'bench' })
  const role = (await findOrganization(db, { id: org.id }, owner.id))!.role
  const actor = {
    kind: 'user' as const,
    id: owner.id,
    email: owner.email,
    name: 'owner',
    avatarUrl: null,
    via: 'personal_token' as const,
    credentialId: newId(),
    orgId: null,
    authenticatedAt: null,
  }
  const context = { db, actor, verb: 'create' as const, ifMatch: null, origin: { requestId: newId(), address: null } }
  const project = await createProject({ ...context, org: { ...org, role } }, CreateProject.parse({ slug: 'big', name: 'Big' }))
  const issued = await issueProjectToken(db, { id: project.id, org }, CreateToken.parse({ name: 'bench', role: 'owner' }))
  return { org, project: { id: project.id, slug: 'big', token: issued.token }, owner: { ...owner, token }, few, all }
}

/**
 * Ids that sort as their numbers do, one for each kind and number. Names sort otherwise: a list by name has an order of its own.
 */
const helpers = `
  create or replace function pg_temp.key(kind int, n bigint) returns uuid language sql immutable as
    $$ select ('0190' || lpad(to_hex(n), 8, '0') || '70008000' || lpad(to_hex(kind), 12, '0'))::uuid $$;
  create or replace function pg_temp.at(n bigint) returns timestamptz language sql immutable as
    $$ select timestamptz '2026-01-01 00:00:00Z' + n * interval '1 second' $$`

const [USER, PROJECT, DELETED, ORG, ENVIRONMENT, EVENT, ENTITY, OTHER] = [1, 2, 3, 4, 5, 6, 7, 8]

type Values = Record<'org' | 'project' | 'owner' | 'few' | 'all' | 'from' | 'to', string | number>

/** `n` runs over the rows to add. The text of a statement names its values as `:org`. */
const rows = 'generate_series(:from::int, :to::int) n'
const scrambled = (what: string) => `'${what} ' || substr(md5(n::text), 1, 8) || ' ' || n`

const shell = [
  `insert into users (id, email, name, last_signed_in_at)
    select pg_temp.key(${USER}, n), 'person-' || n || '@grown.test', ${scrambled('Person')}, pg_temp.at(n) from ${rows}`,
  `insert into organization_members (org_id, user_id, role, created_at)
    select :org, pg_temp.key(${USER}, n), (case when n <= 3 then 'admin' else 'member' end)::role, pg_temp.at(n) from ${rows}`,
  `insert into sessions (id, user_id, expires_at, last_seen_at)
    select pg_temp.key(${OTHER}, n), pg_temp.key(${USER}, n), now() + interval '1 day', pg_temp.at(n) from ${rows}`,
  `insert into sessions (id, user_id, expires_at) select uuidv7(), :owner, now() + interval '1 day' from ${rows} where n % 100 = 0`,
  `insert into personal_tokens (id, user_id, org_id, name, token_prefix, token_hash, last_used_at)
    select pg_temp.key(${OTHER}, n), pg_temp.key(${USER}, n), :org, 'token ' || n, 'bhp_', sha256(('p' || n)::bytea), pg_temp.at(n) from ${rows}`,
  `insert into personal_tokens (id, user_id, org_id, name, token_prefix, token_hash)
    select uuidv7(), :owner, :org, 'own ' || n, 'bhp_', sha256(('o' || n)::bytea) from ${rows} where n % 100 = 0`,
  `insert into organizations (id, slug, name) select pg_temp.key(${ORG}, n), 'other-' || n, 'Other ' || n from ${rows}`,
  `insert into organization_members (org_id, user_id, role) select pg_temp.key(${ORG}, n), :owner, 'member' from ${rows}`,
  `insert into projects (id, org_id, slug, name, created_at)
    select pg_temp.key(${PROJECT}, n), :org, 'project-' || n, ${scrambled('Project')}, pg_temp.at(n) from ${rows}`,
  `insert into projects (id, org_id, slug, name, deleted_at, restore_before)
    select pg_temp.key(${DELETED}, n), :org, 'deleted-' || n, 'Deleted ' || n, now(), now() + interval '1 day' from ${rows}`,
  `insert into environments (id, project_id, name, is_default) select uuidv7(), pg_temp.key(${PROJECT}, n), 'default', true from ${rows}`,
  `insert into project_members (id, project_id, user_id, role) select uuidv7(), pg_temp.key(${PROJECT}, n), :all, 'member' from ${rows}`,
  `insert into project_members (id, project_id, user_id, role)
    select uuidv7(), pg_temp.key(${PROJECT}, n), :few, 'member' from ${rows} where n <= 5 or n > :to::int - 5`,
  `insert into project_members (id, project_id, user_id, role)
    select uuidv7(), pg_temp.key(${PROJECT}, n), pg_temp.key(${USER}, n), 'owner' from ${rows}`,
  `insert into project_members (id, project_id, user_id, role, created_at)
    select uuidv7(), :project, pg_temp.key(${USER}, n), (case when n <= 3 then 'owner' else 'viewer' end)::role, pg_temp.at(n) from ${rows} where n > 3`,
  `insert into row_counts (project_id, generation, table_name, backend, n)
    select pg_temp.key(${PROJECT}, n), 1, t, 0, 7 from ${rows}, unnest(array['entities', 'cells']) t`,
  `insert into audit_events (id, org_id, project_id, actor_kind, actor_id, actor_name, action, target_kind, target_id, target_name, created_at)
    select pg_temp.key(${OTHER}, n), :org, pg_temp.key(${PROJECT}, n), 'user', :owner, 'owner', 'project.created', 'project', pg_temp.key(${PROJECT}, n)::text, 'project-' || n, pg_temp.at(n) from ${rows}`,
  `insert into audit_events (id, org_id, project_id, actor_kind, actor_id, actor_name, action, target_kind, target_id, target_name, before, after, request_id, created_at)
    select pg_temp.key(${EVENT}, n), :org, :project, 'user', case when n = 7 then :few::uuid else :owner::uuid end, 'owner', case when n = 7 then 'project.nuked' else 'entity.updated' end,
      'entity', pg_temp.key(${ENTITY}, n)::text, 'node-' || n, '{"a": 1}', '{"a": 2}', 'request-' || n, pg_temp.at(n) from ${rows}`,
  `insert into notices (user_id, id, org_id, project_id, kind) select :owner, pg_temp.key(${EVENT}, n), :org, :project, 'nuked' from ${rows}`,
  `insert into project_tokens (id, project_id, name, token_prefix, token_hash, role, created_at, made_by)
    select pg_temp.key(${OTHER}, n), :project, 'token ' || n, 'bht_', sha256(('t' || n)::bytea), 'member', pg_temp.at(n), pg_temp.key(${USER}, n) from ${rows}`,
  `insert into repo_links (id, project_id, provider, repository, branch, path) select pg_temp.key(${OTHER}, n), :project, 'github', 'acme/' || n, 'main', '/' from ${rows}`,
  `insert into wipes (id, project_id, generation, reason, row_counts, actor_kind, actor_name, purge_after, restored_at)
    select pg_temp.key(${OTHER}, n), :project, 1, 'nuke', '{}', 'system', 'x', now(), now() from ${rows}`,
  `insert into invitations (id, org_id, email, role, expires_at, to_organization, accepted_at)
    select pg_temp.key(k, n), :org, 'invited-' || n || '@grown.test', 'member', now() + interval '7 days', true, case when k = 2 then now() end from ${rows}, generate_series(1, 2) k`,
  `insert into invitation_projects (invitation_id, project_id, role) select pg_temp.key(1, n), :project, 'viewer' from ${rows}`,
  `insert into webhooks (id, org_id, url, description, enabled, sealed, sealed_by) select pg_temp.key(${OTHER}, 1), :org, 'https://siem.grown.test/', '', true, '', '' from ${rows} where n = 1`,
  `insert into webhook_deliveries (webhook_id, id, action, state) select pg_temp.key(${OTHER}, 1), pg_temp.key(${EVENT}, n), 'entity.updated', (case when n = 7 then 'failed' else 'delivered' end)::delivery_state from ${rows}`,
  `insert into environments (id, project_id, name, created_at) select pg_temp.key(${ENVIRONMENT}, n), :project, 'env-' || n, pg_temp.at(n) from ${rows}`,
]

const data = [
  `insert into entity_types (project_id, generation, name, display_name, states, initial_state, properties, metrics, constraints)
    select :project, 1, 'type-' || n, 'Type', '{active}', 'active', '[]', '[]', '[]' from ${rows}`,
  `insert into cells (project_id, generation, name, display_name, entity_type, placement_policy, constraints)
    select :project, 1, 'cell-' || n, 'Cell', 'type-1', 'least-loaded', '[]' from ${rows}`,
  `insert into entities (project_id, generation, id, env_id, entity_type, name, state, properties, labels)
    select :project, 1, pg_temp.key(${ENTITY}, n), v.id, case when n = 7 then 'type-7' else 'type-1' end, 'node-' || n, case when n = 7 then 'failed' else 'active' end, '{}', jsonb_build_object('rare', case when n = 7 then 'yes' else 'no' end)
    from ${rows}, (select id from environments where project_id = :project and name = 'default') v`,
  `insert into effective_cell_members (project_id, generation, env_id, cell, entity_id)
    select :project, 1, v.id, 'cell-1', pg_temp.key(${ENTITY}, n) from ${rows}, (select id from environments where project_id = :project and name = 'default') v`,
  `insert into cell_members (project_id, generation, cell, entity_id) select :project, 1, 'cell-1', pg_temp.key(${ENTITY}, n) from ${rows}`,
  `insert into relationship_types (project_id, generation, name, display_name, from_type, to_type, cardinality, states, properties, constraints)
    select :project, 1, 'relation-' || n, 'Relation', 'type-1', 'type-1', 'many-to-many', '{up}', '[]', '[]' from ${rows}`,
  `insert into relationships (project_id, generation, id, env_id, relationship_type, from_id, to_id, state, properties, labels)
    select :project, 1, pg_temp.key(${OTHER}, n), v.id, case when n = 7 then 'relation-7' else 'relation-1' end, pg_temp.key(${ENTITY}, n), pg_temp.key(${ENTITY}, 1), case when n = 7 then 'down' else 'up' end, '{}', '{}'
    from ${rows}, (select id from environments where project_id = :project and name = 'default') v`,
  `insert into secrets (project_id, generation, name, description) select :project, 1, 'secret-' || n, '' from ${rows}`,
  `insert into catalog_revisions (project_id, generation, id, actor_kind, actor_name, items, diff) select :project, 1, pg_temp.key(${OTHER}, n), 'system', 'x', '[]', '{"created": [], "updated": [], "deleted": [], "unchanged": []}' from ${rows}`,
  `insert into agents (project_id, generation, id, env_id, name, machine_id, type, version, edition, os, arch, flags, raw_config, metadata, tags, created_at)
    select :project, 1, pg_temp.key(${OTHER}, n), v.id, ${scrambled('agent')}, 'machine-' || n, 'fluentbit', '1', 'community', 'linux', 'x86', '{}', '', '{}', case when n = 7 then '{rare}' else '{}' end::text[], pg_temp.at(n)
    from ${rows}, (select id from environments where project_id = :project and name = 'default') v`,
  `insert into core_instances (project_id, generation, id, env_id, name, version, add_health_check_pipeline, health_check_pipeline_port, health_check_pipeline_port_kind, skip_service_creation, cluster_logging, tags, metadata, created_at)
    select :project, 1, pg_temp.key(${OTHER}, n), v.id, ${scrambled('core')}, '1', false, 1, 'ClusterIP', false, false, '{}', '{}', pg_temp.at(n)
    from ${rows}, (select id from environments where project_id = :project and name = 'default') v`,
]

/** Names the values of a statement by number, only those that it has. */
function bound(statement: string, values: Values): { text: string; values: (string | number)[] } {
  const used: (keyof Values)[] = []
  const text = statement.replaceAll(/(?<!:):([a-z]+)/g, (_, name: keyof Values) => {
    if (!used.includes(name)) used.push(name)
    return `$${used.indexOf(name) + 1}${name === 'from' || name === 'to' ? '' : '::uuid'}`
  })
  return { text, values: used.map((name) => values[name]) }
}

/**
 * Adds rows `from` to `to` of every kind, straight to the tables; they are consistent by construction. The tables are analyzed, as
 * autovacuum would.
 */
export async function grow(client: Client, { org, project, owner, few, all }: Grown, from: number, to: number): Promise<void> {
  const values = { org: org.id, project: project.id, owner: owner.id, few: few.id, all: all.id, from, to }
  await client.query(helpers)
  await client.query('begin; set local session_replication_role = replica')
  for (const statement of [...shell, ...data]) await client.query(bound(statement, values))
  await client.query('delete from row_counts where project_id = $1', [project.id])
  for (const table of wipedTables)
    await client.query(
      `insert into row_counts (project_id, generation, table_name, backend, n)
        select $1::uuid, 1, '${table}', 0, count(*) from ${table} where project_id = $1 and generation = 1`,
      [project.id],
    )
  await client.query('commit')
  await client.query('vacuum analyze')
}
