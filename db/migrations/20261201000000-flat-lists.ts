import { type Kysely, sql } from 'kysely'

/**
 * An index for each order and each filter of a list, so that a page costs the same however long the list. By name, with what
 * follows `on`. `npm run db:indexes` builds them beforehand, beside a running server.
 */
export const indexes: Record<string, string> = {
  // Live projects by id, deleted ones by id, and live ones by name.
  projects_live: 'projects (org_id, id) where deleted_at is null',
  projects_deleted: 'projects (org_id, id) where deleted_at is not null',
  projects_time: 'projects (created_at, id) where deleted_at is null',
  projects_name: 'projects (org_id, name, id) where deleted_at is null',
  // Whose projects, whose organizations, and who may do what.
  project_members_of_user: 'project_members (user_id, project_id)',
  project_members_time: 'project_members (project_id, created_at, user_id)',
  project_members_role: 'project_members (project_id, role, created_at, user_id)',
  project_members_scoped: 'project_members (project_id, created_at, user_id) where cell_scopes is not null',
  organization_members_of_user: 'organization_members (user_id, org_id)',
  organization_members_role: 'organization_members (org_id, role, user_id)',
  // An access review by name, and by the end of what ends.
  users_lower_name: 'users (lower(name), id)',
  project_tokens_lower_name: 'project_tokens (lower(name), id) where revoked_at is null',
  personal_tokens_lower_name: 'personal_tokens (lower(name), id) where revoked_at is null',
  ...Object.fromEntries(
    ['project_members', 'project_tokens', 'personal_tokens'].map((table) => [
      `${table}_end`,
      `${table} ((coalesce(expires_at, timestamptz '9999-12-31 00:00:00+00')), id)${table === 'project_members' ? '' : ' where revoked_at is null'}`,
    ]),
  ),
  // Tokens that work; revoked ones stay and pile up.
  project_tokens_live: 'project_tokens (project_id, id) where revoked_at is null',
  project_tokens_time: 'project_tokens (project_id, created_at, id) where revoked_at is null',
  project_tokens_name: 'project_tokens (project_id, name) where revoked_at is null',
  project_tokens_ends: 'project_tokens (project_id, expires_at) where revoked_at is null',
  personal_tokens_ends: 'personal_tokens (org_id, expires_at) where revoked_at is null',
  personal_tokens_live: 'personal_tokens (user_id, org_id, id) where revoked_at is null',
  // Invitations by their state.
  invitations_open: 'invitations (org_id, id) where accepted_at is null and revoked_at is null',
  invitations_open_until: 'invitations (org_id, expires_at) where accepted_at is null and revoked_at is null',
  invitations_accepted: 'invitations (org_id, id) where accepted_at is not null',
  invitations_revoked: 'invitations (org_id, id) where accepted_at is null and revoked_at is not null',
  agents_fleet: 'agents (fleet_id, project_id, generation) where fleet_id is not null',
  environments_time: 'environments (project_id, created_at, id)',
  // The audit logs by what was done, by whom, and to what.
  ...Object.fromEntries(
    ['org_id', 'project_id'].flatMap((of) => [
      [`audit_events_${of}_action`, `audit_events (${of}, action, created_at, id)`],
      [`audit_events_${of}_actor`, `audit_events (${of}, actor_id, created_at, id)`],
      [`audit_events_${of}_target`, `audit_events (${of}, target_id, created_at, id)`],
      [`audit_events_${of}_target_name`, `audit_events (${of}, lower(target_name), created_at, id)`],
    ]),
  ),
  audit_events_request_id: 'audit_events (request_id)',
}

/**
 * For parts of names. Both extensions are PostgreSQL's own, and the owner of a database may create them; where they are missing or
 * refused, these searches read the names one by one, as before. They have a schema of their own, as where they are created already.
 */
export const searchIndexes = `do $$ declare trigrams text; begin
  begin
    create schema if not exists extensions;
    create extension if not exists pg_trgm schema extensions;
    create extension if not exists btree_gin schema extensions;
  exception when insufficient_privilege or undefined_file or feature_not_supported then
    raise warning 'Without the extensions pg_trgm and btree_gin, searches read names one by one: %', sqlerrm;
  end;
  select quote_ident(n.nspname) into trigrams from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'pg_trgm' and exists (select from pg_extension where extname = 'btree_gin');
  if trigrams is null then return; end if;
  execute format('create index if not exists projects_search on projects using gin
    (org_id, name %1$s.gin_trgm_ops, slug %1$s.gin_trgm_ops) with (fastupdate = off)', trigrams);
  execute format('create index if not exists users_search on users using gin
    (name %1$s.gin_trgm_ops, email %1$s.gin_trgm_ops) with (fastupdate = off)', trigrams);
  execute format('create index if not exists project_tokens_search on project_tokens using gin
    (name %1$s.gin_trgm_ops) with (fastupdate = off) where revoked_at is null', trigrams);
  execute format('create index if not exists personal_tokens_search on personal_tokens using gin
    (name %1$s.gin_trgm_ops) with (fastupdate = off) where revoked_at is null', trigrams);
end $$`

const searches = ['projects_search', 'users_search', 'project_tokens_search', 'personal_tokens_search']

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [name, on] of Object.entries(indexes))
    await sql`create index if not exists ${sql.id(name)} on ${sql.raw(on)}`.execute(db)
  await sql.raw(searchIndexes).execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const name of [...Object.keys(indexes), ...searches]) await sql`drop index if exists ${sql.id(name)}`.execute(db)
  await sql`drop extension if exists btree_gin`.execute(db)
  await sql`drop extension if exists pg_trgm`.execute(db)
  await sql`drop schema if exists extensions`.execute(db)
}
