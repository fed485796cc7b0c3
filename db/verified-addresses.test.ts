import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { newId } from '#domain/ids'
import { down, up } from './migrations/20261130100000-verified-addresses.ts'
import { createTestDatabase } from '#test/support/database/database'

// A database from before the migration, with an account of every kind.
const { db, ...database } = await createTestDatabase()
afterAll(() => database.drop())
await down(db as never)

const hour = (n: number) => new Date(Date.UTC(2026, 0, 1, n)).toISOString()

type Event = [action: string, at: number]

/** An account that this program made at hour 1, with its later events. */
async function account(madeBy: string | null, events: Event[] = []) {
  const id = newId()
  const email = `${id}@before.test`
  await sql`insert into users (id, email, name, created_at) values (${id}, ${email}, 'X', ${hour(1)})`.execute(db)
  const event = (by: { kind: string; id: string | null; name: string }, action: string, at: number) =>
    sql`insert into audit_events (id, actor_kind, actor_id, actor_name, action, target_kind, target_id, target_name, created_at)
      values (${newId()}, ${by.kind}::actor_kind, ${by.id}, ${by.name}, ${action}, 'user', ${id}, ${email}, ${hour(at)})`.execute(
      db,
    )
  if (madeBy) await event({ kind: 'system', id: null, name: madeBy }, 'user.created', 1)
  for (const [action, at] of events) await event({ kind: 'user', id, name: email }, action, at)
  return { id, email }
}

async function joins({ id }: { id: string }, at: number, madeFor?: string) {
  const org = newId()
  await sql`insert into organizations (id, slug, name) values (${org}, ${`o-${org.slice(-12)}`}, 'O')`.execute(db)
  await sql`insert into organization_members (org_id, user_id, role, created_at) values (${org}, ${id}, 'member', ${hour(at)})`.execute(
    db,
  )
  if (madeFor)
    await sql`insert into audit_events (id, org_id, actor_kind, actor_name, action, target_kind, target_id, after)
      values (${newId()}, ${org}, 'system', 'first sight', 'organization.created', 'organization', ${org}, ${JSON.stringify({ owner: madeFor })}::jsonb)`.execute(
      db,
    )
  return org
}

const left = {
  passkey: (id: string, at: number) =>
    sql`insert into passkeys (id, user_id, name, credential_id, public_key, counter, transports, created_at)
      values (${newId()}, ${id}, 'k', ${newId()}, '', 0, '{}', ${hour(at)})`.execute(db),
  token: (id: string, at: number) =>
    sql`insert into personal_tokens (id, user_id, name, token_prefix, token_hash, created_at)
      values (${newId()}, ${id}, 't', 'bhu_', ${Buffer.from(newId())}, ${hour(at)})`.execute(db),
  identity: (id: string, at: number) =>
    sql`insert into user_identities (id, user_id, issuer, subject, email, created_at)
      values (${newId()}, ${id}, 'https://login.test', ${newId()}, null, ${hour(at)})`.execute(db),
}

const people = {
  setUp: await account('set-up'),
  commandLine: await account('cli'),
  firstSight: await account('first sight'),
  invited: await account('invitation'),
  unknown: await account(null),
  linked: await account('invitation', [['identity.linked', 2]]),
  reset: await account('invitation', [['password.reset', 3]]),
  resetTwice: await account('invitation', [
    ['password.reset', 3],
    ['password.reset', 5],
  ]),
  resetWithPasskey: await account('invitation', [['password.reset', 3]]),
  resetWithToken: await account('invitation', [['password.reset', 3]]),
  resetWithIdentity: await account('invitation', [['password.reset', 3]]),
  resetAfterFactor: await account('invitation', [
    ['passkey.added', 2],
    ['password.reset', 3],
  ]),
  safeSince: await account('invitation', [
    ['password.reset', 3],
    ['passkey.added', 4],
  ]),
}
await left.identity(people.linked.id, 2)
await left.passkey(people.resetWithPasskey.id, 2)
await left.token(people.resetWithToken.id, 2)
await left.identity(people.resetWithIdentity.id, 2)
await left.passkey(people.safeSince.id, 4)
const orgs = {
  ofCommandLine: await joins(people.commandLine, 2),
  ofInvited: await joins(people.invited, 2),
  madeForInvited: await joins(people.invited, 3, people.invited.email),
  beforeReset: await joins(people.reset, 2),
  afterReset: await joins(people.reset, 4),
}
await up(db as never)

test('older accounts are verified where that is known: by how they were made, or by a mailed link that nothing older survives', async () => {
  const rows = await db.selectFrom('users').select(['id', 'email_verified_at', 'email_verified_by']).execute()
  const found = Object.entries(people).map(([name, { id }]) => {
    const { email_verified_at: at, email_verified_by: by } = rows.find((row) => row.id === id)!
    return [name, by === null ? null : `${by} ${new Date(at!).getUTCHours()}`]
  })
  expect(Object.fromEntries(found)).toEqual({
    setUp: 'set-up 1',
    commandLine: 'command-line 1',
    firstSight: 'provider 1',
    invited: null,
    unknown: null,
    linked: null,
    reset: 'mail 3',
    resetTwice: 'mail 5',
    resetWithPasskey: null,
    resetWithToken: null,
    resetWithIdentity: null,
    resetAfterFactor: null,
    safeSince: 'mail 3',
  })
})

test('organizations joined with a verified address, or made at first sight, are homes', async () => {
  const rows = await db.selectFrom('organization_members').select(['org_id', 'home']).execute()
  const found = Object.entries(orgs).map(([name, id]) => [name, rows.find(({ org_id }) => org_id === id)!.home])
  expect(Object.fromEntries(found)).toEqual({
    ofCommandLine: true,
    ofInvited: false,
    madeForInvited: true,
    beforeReset: false,
    afterReset: true,
  })
})
