import { sql } from 'kysely'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { InvitePeople } from '#contract/organizations/invitations'
import { TryLater } from '../errors.ts'
import { inviteToProject } from './invitations.ts'
import { invitePeople, resendInvitation } from './organization-invitations.ts'
import { createWorld, openWorld, refused } from '#test/support/world/world'

const opened = await openWorld({ max: 24 })
const { db } = opened
afterAll(opened.close)
afterEach(() => vi.unstubAllEnvs())

let n = 0
/** A separate organization for each test, so that mails of one do not count in another. */
const fresh = () => createWorld(db, `org-${++n}`)
type World = Awaited<ReturnType<typeof fresh>>

describe('invitations by mail', () => {
  const ask = async (world: World, howMany: number) => {
    const invitations = Array.from({ length: howMany }, () => ({ email: `asked-${++n}@elsewhere.test` }))
    return (await invitePeople(await world.at(world.root), InvitePeople.parse({ invitations }))).results
  }
  const mails = async () => {
    const { rows } = await sql<{
      n: number
    }>`select count(*) as n from graphile_worker.jobs where task_identifier = 'mail-invitation'`.execute(db)
    return rows[0]!.n
  }

  test('are limited per hour and organization, whether new, through the v1 API or resent; each refused row says when to retry', async () => {
    vi.stubEnv('BULKHEAD_INVITATIONS_PER_HOUR', '5')
    const world = await fresh()
    const project = await world.project('one')
    const before = await mails()
    const first = await ask(world, 3)
    const again = await resendInvitation(await world.at(world.root), first[0]!.invitation!.id)
    await inviteToProject(await world.inside(project), {
      email: `v1-${n}@elsewhere.test`,
      role: 'member',
      verbs: [],
      redirectUri: null,
    })
    const [refusal] = await ask(world, 1)
    expect(refusal).toMatchObject({
      invitation: null,
      error: {
        code: 'mail_limit_reached',
        message: 'This organization has sent 5 invitations in the last hour, which is its limit. Try again in 12 minutes',
      },
    })
    const resent = await resendInvitation(await world.at(world.root), again.id).catch((error: unknown) => error)
    expect(resent).toBeInstanceOf(TryLater)
    expect((resent as TryLater).retryAfter).toBeGreaterThan(11 * 60)
    expect(
      await refused(
        inviteToProject(await world.inside(project), {
          email: `v2-${n}@elsewhere.test`,
          role: 'member',
          verbs: [],
          redirectUri: null,
        }),
      ),
    ).toBe('mail_limit_reached')
    expect((await mails()) - before).toBe(5)
  })

  test('become available again evenly, and never more than the limit', async () => {
    vi.stubEnv('BULKHEAD_INVITATIONS_PER_HOUR', '4')
    const world = await fresh()
    const later = (minutes: number) =>
      sql`update organization_quotas set mail_full_at = mail_full_at - make_interval(mins => ${minutes}) where org_id = ${world.org.id}`.execute(
        db,
      )
    const made = async (howMany: number) => (await ask(world, howMany)).filter(({ error }) => error === null).length
    expect(await made(6)).toBe(4)
    await later(31)
    expect(await made(6)).toBe(2)
    await later(10_000)
    expect(await made(6)).toBe(4)
  })

  test('sent by many calls at once never exceed the limit', async () => {
    vi.stubEnv('BULKHEAD_INVITATIONS_PER_HOUR', '5')
    const world = await fresh()
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(world, 1)))
    expect(answers.flat().filter(({ error }) => error === null)).toHaveLength(5)
  })

  test('are unlimited at 0, and another organization has its own limit', async () => {
    vi.stubEnv('BULKHEAD_INVITATIONS_PER_HOUR', '1')
    const [world, other] = [await fresh(), await fresh()]
    await ask(world, 1)
    expect((await ask(other, 1))[0]!.error).toBeNull()
    vi.stubEnv('BULKHEAD_INVITATIONS_PER_HOUR', '0')
    expect((await ask(world, 5)).every(({ error }) => error === null)).toBe(true)
  })
})
