import { type Kysely, sql } from 'kysely'

/**
 * Each event is sealed into the chain of its organisation soon after it was written: `hash` covers all of it, its number and the hash of the
 * event before. What is sealed may not be changed, and nothing deleted.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .alterTable('audit_events')
    .addColumn('seq', 'bigint')
    .addColumn('previous_hash', sql`bytea`)
    .addColumn('hash', sql`bytea`)
    .addColumn('key_id', 'text')
    .addColumn('encoding', 'smallint')
    .execute()
  await sql`alter table audit_events add constraint audit_events_sealed_whole
    check (num_nulls(seq, previous_hash, hash, key_id, encoding) in (0, 5))`.execute(db)
  await sql`create unique index audit_events_seq on audit_events (org_id, seq) nulls not distinct where seq is not null`.execute(
    db,
  )
  // Small, whatever the length of the log: what the sealer has yet to do.
  await sql`create index audit_events_unsealed on audit_events (org_id, id) where seq is null`.execute(db)

  // Where each chain ends, signed; the one without an organisation is that of users' own affairs.
  await schema
    .createTable('audit_chains')
    .addColumn('org_id', 'uuid', (c) => c.references('organizations.id'))
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addColumn('hash', sql`bytea`, (c) => c.notNull())
    .addColumn('key_id', 'text')
    .addColumn('signature', sql`bytea`)
    .addColumn('sealed_at', 'timestamptz')
    .execute()
  await sql`create unique index audit_chains_org_id on audit_chains (org_id) nulls not distinct`.execute(db)

  // Keys of secrets that are out of force, sealed under the present one.
  await schema
    .createTable('audit_keys')
    .addColumn('key_id', 'text', (c) => c.primaryKey())
    .addColumn('sealed', sql`bytea`, (c) => c.notNull())
    .addColumn('sealed_by', 'text', (c) => c.notNull())
    .execute()

  await sql`create function audit_events_are_kept() returns trigger language plpgsql as $$
    declare unsealed audit_events;
    begin
      if tg_op = 'INSERT' then
        raise exception 'an audit event is not written sealed' using errcode = 'integrity_constraint_violation';
      end if;
      if tg_op = 'UPDATE' then
        unsealed := new;
        unsealed.seq := null; unsealed.previous_hash := null; unsealed.hash := null; unsealed.key_id := null; unsealed.encoding := null;
        -- Sealing, once. Byte by byte: 1.0 and 1.00 are equal numbers, but not the same text.
        if old.seq is null and new.seq is not null and unsealed *= old then return new; end if;
        -- What this very transaction wrote nobody has seen yet. Its savepoints have numbers of their own.
        if old.seq is null and new.seq is null and age(old.xmin) < 1000000
          and pg_xact_status((pg_current_xact_id()::text::bigint - age(old.xmin))::text::xid8) = 'in progress' then return new; end if;
      end if;
      raise exception 'audit events are neither changed nor deleted' using errcode = 'integrity_constraint_violation';
    end $$`.execute(db)
  await sql`create trigger audit_events_not_sealed_yet before insert on audit_events
    for each row when (new.seq is not null) execute function audit_events_are_kept()`.execute(db)
  await sql`create trigger audit_events_kept before update or delete on audit_events
    for each row execute function audit_events_are_kept()`.execute(db)
  await sql`create trigger audit_events_not_emptied before truncate on audit_events
    for each statement execute function audit_events_are_kept()`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  for (const trigger of ['audit_events_not_sealed_yet', 'audit_events_kept', 'audit_events_not_emptied'])
    await sql`drop trigger ${sql.id(trigger)} on audit_events`.execute(db)
  await sql`drop function audit_events_are_kept()`.execute(db)
  await schema.dropTable('audit_keys').execute()
  await schema.dropTable('audit_chains').execute()
  await schema
    .alterTable('audit_events')
    .dropColumn('encoding')
    .dropColumn('key_id')
    .dropColumn('hash')
    .dropColumn('previous_hash')
    .dropColumn('seq')
    .execute()
}
