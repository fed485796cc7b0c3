import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { countWaiting } from '#test/support/database/database'
import { claimExpiryNotices } from '#db/queries/notices/expiry'
import type { ExpiryMail } from '#db/queries/jobs'
import { expiryToMail, queueExpiryMails, queueExpiryMailBatch } from './expiry.ts'
import { issuePersonalToken } from '../tokens/issued.ts'
import { removeMember, updateMember } from '../members/members.ts'
import { removeOrganizationMember } from '../organizations/members.ts'
import { deleteProject } from '../projects/projects.ts'
import { createWorld, openWorld } from '#test/support/world/world'
import { updateToken } from '../tokens/changes.ts'
import { createPersonalToken, createToken, revokeToken, rotateToken } from '../tokens/tokens.ts'
import { CreateToken } from '#contract/tokens/tokens'

const world = await openWorld()
await createWorld(world.db, 'other')
afterAll(world.close)

const HOUR = 3_600_000
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString()
const days = (n: number) => n * 24

/** The queued mails; empties the queue. */
async function mails(): Promise<ExpiryMail[]> {
  const { rows } = await sql<{ payload: ExpiryMail }>`delete from graphile_worker._private_jobs j
    using graphile_worker._private_tasks t where t.id = j.task_id and t.identifier = 'mail-expiry' returning j.payload`.execute(
    world.db,
  )
  return rows.map(({ payload }) => payload)
}

/** Sends the notices that are due and returns who was notified of what. */
async function mailsQueued() {
  await queueExpiryMails(world.db)
  return (await mails()).map(({ subjectId, userId }) => ({ subjectId, userId }))
}

/** Dates everything back, so that every step lies after its creation. */
const grow = async () => {
  for (const table of ['project_members', 'project_tokens', 'personal_tokens'] as const)
    await world.db.updateTable(table).set({ created_at: '2026-01-01T00:00:00Z' }).execute()
}

let n = 0
let project: Awaited<ReturnType<typeof world.project>>
beforeEach(async () => {
  await mailsQueued()
  project = await world.project(`p${++n}`)
})

/** A member whose access ends in so many hours; returns the key of their membership. */
async function ending(hours: number) {
  const actor = await world.member(project, { expiresAt: inHours(hours) })
  await grow()
  const { id } = await world.db
    .selectFrom('project_members')
    .select('id')
    .where('user_id', '=', actor.id)
    .executeTakeFirstOrThrow()
  return { actor, id, mail: { subjectId: id, userId: actor.id } }
}

/** Moves an end closer as time would, together with its notes. */
async function later(id: string, hours: number) {
  const sooner = sql<string>`expires_at - make_interval(hours => ${hours})`
  await world.db.updateTable('project_members').set({ expires_at: sooner }).where('id', '=', id).execute()
  await world.db.updateTable('expiry_notices').set({ expires_at: sooner }).where('subject_id', '=', id).execute()
}

describe('a membership', () => {
  test('is announced seven days and one day before its end, each once', async () => {
    const { id, mail } = await ending(days(8))
    expect(await mailsQueued()).toEqual([])
    await later(id, days(1) + 1)
    expect(await mailsQueued()).toEqual([mail])
    expect(await mailsQueued()).toEqual([])
    await later(id, days(5))
    expect(await mailsQueued()).toEqual([])
    await later(id, 24)
    expect(await mailsQueued()).toEqual([mail])
    expect(await mailsQueued()).toEqual([])
    await later(id, 24)
    expect(await mailsQueued()).toEqual([])
  })

  test('is announced late rather than twice: after days without the job, only the nearer step', async () => {
    const { id, mail } = await ending(days(8))
    await later(id, days(7) + 4)
    expect(await mailsQueued()).toEqual([mail])
    expect(await mailsQueued()).toEqual([])
  })

  test('is announced again when its end changes', async () => {
    const { actor, mail } = await ending(days(3))
    expect(await mailsQueued()).toEqual([mail])
    const context = await world.inside(project)
    await updateMember(context, actor.id, { expiresAt: inHours(days(30)) })
    expect(await mailsQueued()).toEqual([])
    await updateMember(context, actor.id, { expiresAt: inHours(days(4)) })
    expect(await mailsQueued()).toEqual([mail])
  })

  test('that was made for three days is announced only one day before', async () => {
    const actor = await world.member(project, { expiresAt: inHours(days(3)) })
    expect(await mailsQueued()).toEqual([])
    const { id } = await world.db
      .selectFrom('project_members')
      .select('id')
      .where('user_id', '=', actor.id)
      .executeTakeFirstOrThrow()
    await later(id, days(2) + 1)
    await world.db
      .updateTable('project_members')
      .set({ created_at: sql<string>`created_at - interval '49 hours'` })
      .where('id', '=', id)
      .execute()
    expect(await mailsQueued()).toEqual([{ subjectId: id, userId: actor.id }])
  })

  test('is not announced once it is gone, in a deleted project, or where the organization gives the same role', async () => {
    const gone = await ending(days(2))
    await removeMember(await world.inside(project), gone.actor.id)
    const admin = await world.person('admin')
    await world.db
      .insertInto('project_members')
      .values({
        id: crypto.randomUUID(),
        project_id: project.id,
        user_id: admin.id,
        role: 'admin',
        expires_at: inHours(20),
        created_at: '2026-01-01T00:00:00Z',
      })
      .execute()
    expect(await mailsQueued()).toEqual([])
    await world.db.updateTable('project_members').set({ role: 'owner' }).where('user_id', '=', admin.id).execute()
    expect(await mailsQueued()).toMatchObject([{ userId: admin.id }])
    await ending(days(2))
    await deleteProject(await world.inside(project))
    expect(await mailsQueued()).toEqual([])
  })
})

describe('a token', () => {
  const make = async (rights: Partial<CreateToken>, by = world.root) => {
    const created = await createToken(await world.inside(project, by), CreateToken.parse({ name: 'ci', ...rights }))
    await grow()
    return created
  }

  test('of a project is announced to its owners, and to its creator while they are a member', async () => {
    const [owner, maker] = [await world.member(project, { role: 'owner' }), await world.member(project, { role: 'admin' })]
    const first = await make({ expiresAt: inHours(30) }, maker)
    const second = await make({ expiresAt: inHours(40) }, owner)
    const who = (mails: { subjectId: string; userId: string }[], id: string) =>
      mails.flatMap(({ subjectId, userId }) => (subjectId === id ? [userId] : [])).toSorted()
    const both = await mailsQueued()
    expect(who(both, first.id)).toEqual([world.root.id, owner.id, maker.id].toSorted())
    expect(who(both, second.id)).toEqual([world.root.id, owner.id].toSorted())
    await removeOrganizationMember(await world.at(world.root), maker.id)
    await updateToken(await world.inside(project), first.id, { expiresAt: inHours(29) })
    expect(who(await mailsQueued(), first.id)).toEqual([world.root.id, owner.id].toSorted())
    await updateToken(await world.inside(project), first.id, { expiresAt: inHours(28) })
    await revokeToken(await world.inside(project), first.id)
    expect(await mailsQueued()).toEqual([])
  })

  test('that is rotated away is not announced at once, but one day before', async () => {
    const old = await make({})
    await rotateToken(await world.inside(project), old.id, { overlapSeconds: 3 * 86_400 })
    expect(await mailsQueued()).toEqual([])
    await world.db
      .updateTable('project_tokens')
      .set({ expires_at: inHours(20) })
      .where('id', '=', old.id)
      .execute()
    expect(await mailsQueued()).toEqual([{ subjectId: old.id, userId: world.root.id }])
  })

  test('of a person is announced to them, with an organization or without', async () => {
    const person = await world.person()
    const { id } = await createPersonalToken(await world.at(person), { name: 'laptop', expiresAt: inHours(50) })
    const free = await issuePersonalToken(world.db, person, null, { name: 'anywhere', expiresAt: inHours(60) })
    await grow()
    expect(await mailsQueued()).toEqual([
      { subjectId: id, userId: person.id },
      { subjectId: free.id, userId: person.id },
    ])
  })
})

describe('what a mail says', () => {
  test('is current when it is sent, and not sent once it is outdated', async () => {
    const { actor, id } = await ending(days(2))
    await queueExpiryMails(world.db)
    const [mail] = await mails()
    expect(await expiryToMail(world.db, mail!)).toMatchObject({
      kind: 'member',
      email: actor.email,
      project: { slug: project.slug },
      organization: { slug: 'acme' },
      owners: [{ email: world.root.email }],
    })
    await updateMember(await world.inside(project), actor.id, { expiresAt: inHours(days(90)) })
    expect(await expiryToMail(world.db, mail!)).toBeUndefined()
    await later(id, days(91))
    expect(await expiryToMail(world.db, { ...mail!, expiresAt: inHours(-1) })).toBeUndefined()
  })
})

describe('two processes at once', () => {
  /** One process notified and has not committed when the other begins; returns what each notified of. */
  async function race(waits: boolean) {
    let second: Promise<number> | undefined
    const first = await world.db.transaction().execute(async (trx) => {
      const count = await queueExpiryMailBatch(trx)
      second = world.db.transaction().execute(queueExpiryMailBatch)
      await (waits ? blocked() : second)
      return count
    })
    return [first, await second]
  }
  async function blocked() {
    await vi.waitFor(async () => expect(await countWaiting(world.db)).toBe(1))
  }

  test('announce each end once', async () => {
    const { mail } = await ending(days(2))
    expect(await race(true)).toEqual([1, 0])
    expect((await mails()).map(({ subjectId }) => subjectId)).toEqual([mail.subjectId])
  })

  test('without the key they announce it twice', async () => {
    await ending(days(2))
    await sql`alter table expiry_notices drop constraint expiry_notices_pkey`.execute(world.db)
    expect(await race(false)).toEqual([1, 1])
    expect(await mails()).toHaveLength(2)
    await world.db.deleteFrom('expiry_notices').execute()
    await sql`alter table expiry_notices add primary key (subject_id, expires_at, step)`.execute(world.db)
    await mailsQueued()
  })
})

test('a failure leaves neither note nor mail', async () => {
  const { mail } = await ending(days(2))
  const broken = world.db.transaction().execute(async (trx) => {
    throw new Error(`queued ${await queueExpiryMailBatch(trx)}`)
  })
  await expect(broken).rejects.toThrow('queued 1')
  expect(await mails()).toEqual([])
  expect(await mailsQueued()).toEqual([mail])
})

test('an organization with many notices does not delay another', async () => {
  const other = await createWorld(world.db, 'small')
  const theirs = await other.project('few')
  await other.member(theirs, { expiresAt: inHours(days(4)) })
  await sql`insert into users (id, email, name) select gen_random_uuid(), 'many-' || i || '@x.test', 'x' from generate_series(1, 300) i`.execute(
    world.db,
  )
  await sql`insert into organization_members (org_id, user_id, role) select ${world.org.id}, id, 'member' from users where email like 'many-%'`.execute(
    world.db,
  )
  await sql`insert into project_members (id, project_id, user_id, role, expires_at)
    select gen_random_uuid(), ${project.id}, id, 'viewer', now() + interval '3 days' from users where email like 'many-%'`.execute(
    world.db,
  )
  await grow()
  const first = await world.db.transaction().execute((trx) => claimExpiryNotices(trx, 2))
  expect(first.map(({ owner }) => owner)).toEqual(expect.arrayContaining([world.org.id, other.org.id]))
  await world.db.deleteFrom('project_members').where('project_id', 'in', [project.id, theirs.id]).execute()
})

test('sends all notices in batches', async () => {
  const { id } = await ending(days(2))
  await world.db.deleteFrom('project_members').where('id', '=', id).execute()
  await sql`insert into users (id, email, name) select gen_random_uuid(), 'crowd-' || i || '@x.test', 'x' from generate_series(1, 450) i`.execute(
    world.db,
  )
  await sql`insert into organization_members (org_id, user_id, role) select ${world.org.id}, id, 'member' from users where email like 'crowd-%'`.execute(
    world.db,
  )
  await sql`insert into project_members (id, project_id, user_id, role, expires_at, created_at)
    select gen_random_uuid(), ${project.id}, id, 'viewer', now() + interval '3 days', '2026-01-01' from users where email like 'crowd-%'`.execute(
    world.db,
  )
  expect(await world.db.transaction().execute((trx) => claimExpiryNotices(trx, 1))).toHaveLength(1)
  expect(await queueExpiryMails(world.db)).toBe(449)
})
