import { afterAll, describe, expect, test } from 'vitest'
import type { Database } from '#db/client'
import { insertMember, listOwners } from '#db/queries/members/members'
import type { ProjectContext, UserActor } from '../context.ts'
import { DomainError } from '../errors.ts'
import { newId } from '../ids.ts'
import { addMember, removeMember, setCellScopes, updateMember } from './members.ts'
import { isPermanentOwner } from '../access/permissions.ts'
import { withoutLocks } from '#test/support/database/without-locks'
import { openWorld, refused } from '#test/support/world/world'

const world = await openWorld({ max: 16 })
afterAll(world.close)

type Change = (context: ProjectContext, userId: string) => Promise<unknown>
const endings = {
  remove: removeMember,
  demote: (context, userId) => updateMember(context, userId, { role: 'member' }),
  confine: (context, userId) => updateMember(context, userId, { envName: 'default' }),
  expire: (context, userId) => updateMember(context, userId, { expiresAt: '2099-01-01T00:00:00Z' }),
  narrow: (context, userId) => setCellScopes(context, userId, { cellScopes: [] }),
} as const satisfies Record<string, Change>
const ways = Object.values(endings)

/** Every way in which two owners can end two ownerships at once: each the other's, or each their own. 25 pairs of ways, twice. */
const pairs = ways.flatMap((one) => ways.flatMap((two) => ['other', 'self'].map((whose) => ({ one, two, whose }))))

/** A project with requests of its two owners that both passed authorization before either changed anything. */
async function openRing(n: number) {
  const project = await world.project(`ring-${n}`)
  const owners = [await world.member(project, { role: 'owner' }), await world.member(project, { role: 'owner' })] as const
  const contexts = [await world.inside(project, owners[0]), await world.inside(project, owners[1])] as const
  return { project, owners, contexts }
}
type Ring = Awaited<ReturnType<typeof openRing>>

async function reset({ project, owners }: Ring) {
  await world.db.transaction().execute(async (trx) => {
    await trx.deleteFrom('project_members').where('project_id', '=', project.id).execute()
    for (const { id } of owners) {
      await insertMember(trx, {
        id: newId(),
        project_id: project.id,
        user_id: id,
        role: 'owner',
        env_id: null,
        cell_scopes: null,
        expires_at: null,
      })
    }
  })
}

async function countLastingOwners(projectId: string): Promise<number> {
  const owners = await world.db.transaction().execute((trx) => listOwners(trx, projectId))
  return owners.filter((row) =>
    isPermanentOwner({
      ...row,
      envId: row.env_id,
      cellScopes: row.cell_scopes,
      verbs: row.verbs as [],
      expiresAt: row.expires_at,
    }),
  ).length
}

/** One race on this database. Returns both outcomes and the number of remaining owners. */
async function race(ring: Ring, { one, two, whose }: (typeof pairs)[number], db: Database) {
  await reset(ring)
  const [first, second] = ring.owners.map((owner) => owner.id) as [string, string]
  const [a, b] = ring.contexts
  const answers = await Promise.allSettled([
    one({ ...a, db }, whose === 'self' ? first : second),
    two({ ...b, db }, whose === 'self' ? second : first),
  ])
  const codes = answers.map((answer) =>
    answer.status === 'fulfilled' ? 'done' : answer.reason instanceof DomainError ? answer.reason.code : String(answer.reason),
  )
  return { codes: codes.toSorted(), left: await countLastingOwners(ring.project.id) }
}

describe('two owners end each other’s or their own ownership at once', () => {
  test('300 times: one succeeds, one is refused, and one owner always stays', { timeout: 120_000 }, async () => {
    const rings = await Promise.all([1, 2, 3, 4, 5, 6].map(openRing))
    const outcomes = await Promise.all(
      rings.map(async (ring) => {
        const seen = []
        for (const pair of pairs) seen.push(await race(ring, pair, world.db))
        return seen
      }),
    )
    const wrong = outcomes.flat().filter(({ codes, left }) => left !== 1 || codes.join() !== 'done,last_owner')
    expect(wrong).toEqual([])
    expect(outcomes.flat().length).toBe(300)
  })

  test('without the project’s lock, the same races leave projects without an owner', { timeout: 120_000 }, async () => {
    const ring = await openRing(7)
    const unlocked = withoutLocks(world.db)
    let orphaned = 0
    for (let tries = 0; tries < 300 && orphaned === 0; tries++) {
      const { left } = await race(ring, { one: endings.demote, two: endings.demote, whose: 'other' }, unlocked)
      if (left === 0) orphaned++
    }
    expect(orphaned).toBe(1)
  })
})

test('two callers who add the same person at once make one member', async () => {
  const project = await world.project('twice')
  const admins: UserActor[] = [await world.member(project, { role: 'admin' }), await world.member(project, { role: 'admin' })]
  const person = await world.person()
  const answers = await Promise.all(
    admins.map(async (admin) => {
      const context = await world.inside(project, admin)
      return refused(addMember(context, { userId: person.id, role: 'viewer' })).catch((error: unknown) =>
        String(error).slice(0, 22),
      )
    }),
  )
  expect(answers.toSorted()).toEqual(['Error: was not refused', 'already_member'])
})
