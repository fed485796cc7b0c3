import { afterAll, describe, expect, test, vi } from 'vitest'
import { AcceptInvitation, InvitePeople } from '#contract/organizations/invitations'
import { V1CreateProject } from '#contract/v1/projects'
import type { Database } from '#db/client'
import { withoutLocks } from '#test/support/database/without-locks'
import { invitationToken } from '../organizations/invitations.ts'
import { joinByLink } from '../organizations/joining.ts'
import { invitePeople } from '../organizations/organization-invitations.ts'
import { cli, createUser } from '../accounts/users.ts'
import { createProject } from '../projects/projects.ts'
import { getUsage, setQuotas } from './quotas.ts'
import { createWorld, openWorld } from '#test/support/world/world'
import { createPersonalToken, createToken } from '../tokens/tokens.ts'
import { createV1Project } from '../v1/projects.ts'
import { addOrganizationMember } from '../organizations/members.ts'

vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long')
const opened = await openWorld({ max: 24 })
const { db } = opened
afterAll(opened.close)
afterAll(() => vi.unstubAllEnvs())

const origin = { requestId: '019aa000-0000-7000-8000-000000000000', address: null }
let n = 0
/** A separate organization for each race. */
const fresh = () => createWorld(db, `org-${++n}`)
type World = Awaited<ReturnType<typeof fresh>>

const allow = ({ org }: World, quotas: Parameters<typeof setQuotas>[3]) => setQuotas(db, cli, org, quotas)

describe('many calls at once never exceed the quota', () => {
  const MANY = 20
  const ROOM = 5

  type Race = {
    kind: 'projects' | 'members' | 'tokens'
    before: number
    one: (world: World, on: Database) => Promise<() => Promise<unknown>>
  }
  const on = async (world: World, with_: Database) => ({ ...(await world.at(world.root)), db: with_ })
  const races: Record<string, Race> = {
    projects: {
      kind: 'projects',
      before: 0,
      one: async (world, with_) => {
        const context = await on(world, with_)
        const slug = `p-${++n}`
        return () => createProject(context, { name: slug, slug })
      },
    },
    'projects of the v1 API': {
      kind: 'projects',
      before: 0,
      one: async (world, with_) => {
        const context = await on(world, with_)
        return () => createV1Project(context as never, V1CreateProject.parse({ name: `Edge ${++n}` }))
      },
    },
    members: {
      kind: 'members',
      before: 1,
      one: async (world, with_) => {
        const { org, root } = world
        const email = `racer-${++n}@elsewhere.test`
        const user = await createUser(db, { email, name: 'Racer' })
        const { results } = await invitePeople(await world.at(root), InvitePeople.parse({ invitations: [{ email }] }))
        const identity = {
          kind: 'user',
          ...user,
          name: 'Racer',
          avatarUrl: null,
          via: 'jwt',
          credentialId: user.id,
          orgId: null,
        } as const
        const actor = { ...(await world.at(root)), actor: { ...identity, authenticatedAt: null } }
        const token = invitationToken(results[0]!.invitation!.id)
        return n % 2 === 0
          ? () => joinByLink({ db: with_, origin, actor }, token, AcceptInvitation.parse({}))
          : () => addOrganizationMember(with_, org, user, 'member')
      },
    },
    tokens: {
      kind: 'tokens',
      before: 0,
      one: async (world, with_) => {
        const project = await createProject(await world.at(world.root), { name: 'P', slug: `t-${++n}` })
        const inside = { ...(await world.inside(project)), db: with_ }
        const context = await on(world, with_)
        return n % 2 === 0
          ? () => createToken(inside, { name: 'ci', role: 'member' })
          : () => createPersonalToken(context, { name: 'ci' })
      },
    },
  }

  async function race({ kind, before, one }: Race, with_: Database) {
    const world = await fresh()
    const runs: (() => Promise<unknown>)[] = []
    for (let i = 0; i < MANY; i++) runs.push(await one(world, with_))
    await allow(world, { [kind]: before + ROOM })
    const outcomes = await Promise.allSettled(runs.map((run) => run()))
    const refusals = outcomes.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code?: string }).code] : []))
    return {
      let: outcomes.length - refusals.length,
      codes: [...new Set(refusals)],
      there: (await getUsage(await world.at(world.root)))[kind].used - before,
    }
  }

  test.for(Object.keys(races))('%s', async (name) => {
    expect(await race(races[name]!, db)).toEqual({ let: ROOM, codes: ['quota_reached'], there: ROOM })
  })

  test.for(['projects', 'tokens'])('%s: without the lock, more succeed', async (name) => {
    let most = 0
    for (let round = 0; round < 10 && most <= ROOM; round++)
      most = Math.max(most, (await race(races[name]!, withoutLocks(db))).there)
    expect(most).toBeGreaterThan(ROOM)
  })
})
