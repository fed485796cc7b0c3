import { isDeepStrictEqual } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { AddMember } from '#contract/members/members'
import { OrganizationFile } from '#contract/organizations/file'
import { InvitePeople } from '#contract/organizations/invitations'
import { findProject } from '#db/queries/projects/projects'
import { effectiveGrant, membershipOf } from '../access/permissions.ts'
import { DomainError } from '../errors.ts'
import { addMember, removeMember } from '../members/members.ts'
import { nukeProject } from '../nuke/nuke.ts'
import { createEnvironment } from '../projects/environments.ts'
import { applyFile, exportOrganization, planFile } from './file.ts'
import { addOrganizationMember, setOrganizationRole } from './members.ts'
import { invitePeople } from './organization-invitations.ts'
import { createWorld, openWorld, refused } from '#test/support/world/world'

const world = await openWorld({ max: 12 })
afterAll(world.close)

/** The code of a refusal. Rethrows what is no refusal. */
function refusalIn(error: unknown): string {
  if (error instanceof DomainError) return error.code
  throw error
}

/** Numbers from 0 to 1 that are the same in each run. */
function numbers(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

let worlds = 0
type World = Awaited<ReturnType<typeof createWorld>>
const newWorld = () => createWorld(world.db, `filed-${++worlds}`)

const read = (text: unknown) => OrganizationFile.parse(text)
const ask = (file: object, prune = false) => ({ file: read({ version: 1, ...file }), prune })

/** Plans and applies, as a caller who accepts the plan. */
async function applied(one: World, file: object, prune = false, actor = one.root) {
  const context = await one.at(actor)
  const plan = await planFile(context, ask(file, prune))
  return applyFile(context, { ...ask(file, prune), revision: plan.revision })
}

const exported = async (one: World) => exportOrganization(await one.at(one.root))
const changed = ({ changes }: Awaited<ReturnType<typeof planFile>>) =>
  changes.map(({ action, kind, project, name }) => [action, kind, ...(project === null ? [] : [project]), name].join(' '))

/** As it is once the invitation is accepted. */
function settled<One extends { pending?: boolean | undefined }>(one: One) {
  const { pending: _, ...rest } = one
  return rest
}

/** An organization with people of several roles, two projects, environments and limited members. */
async function furnished() {
  const one = await newWorld()
  const [ann, bob] = [await one.person('admin', 'ann'), await one.person('member', 'bob')]
  const project = await one.project('alpha')
  const root = await one.inside(project)
  await createEnvironment(root, { name: 'staging' })
  await addMember(root, AddMember.parse({ userId: bob.id, role: 'member', envName: 'staging', cellScopes: ['us', 'eu'] }))
  await one.project('beta')
  return { one, ann, bob, project }
}

describe('exportOrganization', () => {
  test('writes a file that changes nothing where it is from', async () => {
    const { one } = await furnished()
    const file = await exported(one)
    expect(file.projects!.map(({ slug, environments }) => [slug, environments])).toEqual([
      ['alpha', ['default', 'staging']],
      ['beta', ['default']],
    ])
    expect(await planFile(await one.at(one.root), { file: read(file), prune: true })).toMatchObject({ changes: [], access: [] })
  })

  test('applied to an empty organization, gives the same file but for people, who are pending', async () => {
    const { one } = await furnished()
    const file = await exported(one)
    const empty = await newWorld()
    await addOrganizationMember(world.db, empty.org, one.root, 'owner')
    await applied(empty, file, false, one.root)
    const there = await exported(empty)
    const ofFile = (who: string) => file.people!.some(({ email }) => email === who)
    const joined = {
      ...there,
      people: there.people!.filter(({ email }) => ofFile(email)).map(settled),
      projects: there.projects!.map((project) => ({
        ...project,
        members: project.members!.map(settled),
      })),
    }
    expect(JSON.stringify(joined)).toBe(JSON.stringify(file))
    expect(there.people!.filter(({ pending }) => pending).map(({ email }) => email)).toEqual(
      file.people!.map(({ email }) => email).filter((email) => email !== one.root.email),
    )
  })

  test('is refused to members', async () => {
    const { one, bob } = await furnished()
    expect(await refused(exportOrganization(await one.at(bob)))).toBe('forbidden')
    expect(await refused(planFile(await one.at(bob), ask({})))).toBe('forbidden')
    expect(await refused(applyFile(await one.at(bob), { ...ask({}), revision: 'x' }))).toBe('forbidden')
  })
})

describe('planFile', () => {
  test('says who gains and loses access to how many entities, and changes nothing', async () => {
    const { one, ann, bob } = await furnished()
    const before = await exported(one)
    const people = [
      { email: one.root.email, role: 'owner' },
      { email: bob.email, role: 'admin' },
    ]
    const plan = await planFile(await one.at(one.root), ask({ people }, true))
    expect(changed(plan)).toEqual([`change person ${bob.email}`, `remove person ${ann.email}`])
    expect(plan.access.map(({ project, email, roleBefore, roleAfter }) => [project, email, roleBefore, roleAfter])).toEqual([
      ['alpha', ann.email, 'admin', null],
      ['alpha', bob.email, 'member', 'admin'],
      ['beta', ann.email, 'admin', null],
      ['beta', bob.email, null, 'admin'],
    ])
    expect(await exported(one)).toEqual(before)
  })

  test('leaves what the file does not name as it is, and removes only with prune', async () => {
    const { one, bob } = await furnished()
    const context = await one.at(one.root)
    const projects = [{ slug: 'alpha', name: 'alpha', environments: ['default'], members: [] }]
    expect(changed(await planFile(context, ask({ projects })))).toEqual([])
    expect(await refused(planFile(context, ask({ projects }, true)))).toBe('last_owner')
    const kept = [{ email: one.root.email, role: 'owner' }]
    expect(changed(await planFile(context, ask({ projects: [{ ...projects[0], members: kept }] }, true)))).toEqual([
      `remove member alpha ${bob.email}`,
      'remove environment alpha staging',
    ])
  })

  test.for([
    ['an address twice', { people: ['A@x.test', 'a@x.test'].map((email) => ({ email, role: 'member' })) }],
    ['a project twice', { projects: [1, 2].map(() => ({ slug: 'alpha', name: 'Alpha' })) }],
    ['an environment twice', { projects: [{ slug: 'alpha', name: 'Alpha', environments: ['a', 'a'] }] }],
    [
      'a member who is not among its people',
      { people: [], projects: [{ slug: 'alpha', name: 'Alpha', members: [{ email: 'c@x.test', role: 'viewer' }] }] },
    ],
  ] as const)('refuses a file that names %s', async ([, file]) => {
    const { one } = await furnished()
    expect(await refused(planFile(await one.at(one.root), ask(file)))).toBe('invalid_request')
  })
})

describe('applyFile', () => {
  test('creates projects with environments and members, and invites who is not in the organization', async () => {
    const { one, bob } = await furnished()
    const members = [
      { email: bob.email, role: 'viewer', cells: [] },
      { email: 'new@elsewhere.test', role: 'member', environment: 'production' },
    ]
    const file = {
      projects: [{ slug: 'gamma', name: 'Gamma', metadata: { tier: 'gold' }, environments: ['production'], members }],
    }
    await applied(one, file)
    const gamma = (await exported(one)).projects!.find(({ slug }) => slug === 'gamma')
    expect(gamma).toMatchObject({ name: 'Gamma', metadata: { tier: 'gold' }, environments: ['default', 'production'] })
    expect(
      gamma!.members!.map(({ email, role, environment, cells, pending }) => [email, role, environment, cells, pending]),
    ).toEqual([
      [bob.email, 'viewer', null, [], undefined],
      ['new@elsewhere.test', 'member', 'production', null, true],
      [one.root.email, 'owner', null, null, undefined],
    ])
    expect((await planFile(await one.at(one.root), ask(file))).changes).toEqual([])
  })

  test('changes nothing when a later change is refused', async () => {
    const { one, ann, bob } = await furnished()
    const before = await exported(one)
    const people = [
      { email: ann.email, role: 'admin' },
      { email: bob.email, role: 'viewer' },
      { email: one.root.email, role: 'viewer' },
    ]
    const file = { settings: { name: 'Renamed' }, people, projects: [{ slug: 'delta', name: 'Delta' }] }
    expect(await refused(planFile(await one.at(one.root), ask(file)))).toBe('last_owner')
    expect(await exported(one)).toEqual(before)
  })

  test('grants nothing that the caller can’t grant', async () => {
    const { one, ann, bob } = await furnished()
    const context = await one.at(ann)
    const asOwner = [{ email: bob.email, role: 'owner' }]
    expect(await refused(planFile(context, ask({ people: asOwner })))).toBe('forbidden')
    expect(await refused(planFile(context, ask({ people: [{ email: 'x@elsewhere.test', role: 'owner' }] })))).toBe('forbidden')
    expect(await refused(planFile(context, ask({ projects: [{ slug: 'alpha', name: 'alpha', members: asOwner }] })))).toBe(
      'forbidden',
    )
    expect(await refused(planFile(context, ask({ people: [{ email: one.root.email, role: 'member' }] })))).toBe('forbidden')
  })

  test('is refused once the organization has changed what the plan began with, and for another file', async () => {
    const { one, bob } = await furnished()
    const context = await one.at(one.root)
    const file = ask({ people: [{ email: bob.email, role: 'viewer' }] })
    const { revision } = await planFile(context, file)
    expect(await refused(applyFile(context, { ...ask({ settings: { name: 'Other' } }), revision }))).toBe('plan_changed')
    await applied(one, { settings: { name: 'Elsewhere' } })
    await applied(one, { people: [{ email: bob.email, role: 'admin' }] })
    expect(await refused(applyFile(context, { ...file, revision }))).toBe('plan_changed')
  })

  test('one of ten at once does it, and the others find it done', async () => {
    const { one, bob } = await furnished()
    const context = await one.at(one.root)
    const file = ask({ people: [{ email: bob.email, role: 'viewer' }], projects: [{ slug: 'new', name: 'New' }] })
    const { revision } = await planFile(context, file)
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => applyFile(context, { ...file, revision })))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const codes = tries.flatMap((tried) => (tried.status === 'rejected' ? [(tried.reason as { code: string }).code] : []))
    expect(new Set(codes)).toEqual(new Set(['plan_changed']))
  })

  test('finishes beside nukes of the same project, and leaves another organization as it was', async () => {
    const { one, project, bob } = await furnished()
    const beside = await furnished()
    const before = await exported(beside.one)
    const inside = await one.inside(project, one.root)
    const rounds = Array.from({ length: 5 }, (_, i) => i)
    await Promise.all([
      (async () => {
        for (const i of rounds) {
          const members = [{ email: bob.email, role: i % 2 ? 'viewer' : 'member', environment: 'staging' }]
          // oxlint-disable-next-line no-await-in-loop
          await applied(one, { projects: [{ slug: 'alpha', name: `Alpha ${i}`, members }] })
        }
      })(),
      ...rounds.map(() => nukeProject(inside, { confirm: 'alpha' })),
    ])
    expect((await exported(one)).projects![0]).toMatchObject({ name: 'Alpha 4' })
    expect(await exported(beside.one)).toEqual(before)
  })

  test('reaches the state of any file from any state, or changes nothing', { timeout: 60_000 }, async () => {
    const one = await newWorld()
    const people = [one.root]
    for (const name of ['ann', 'bob', 'eve']) {
      // oxlint-disable-next-line no-await-in-loop
      people.push(await one.person('member', name))
    }
    const emails = [...people.map(({ email }) => email), 'p@elsewhere.test', 'q@elsewhere.test']
    const random = numbers(20_261_201)
    const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)]!
    const some = <Value>(values: readonly Value[]) => values.filter(() => random() < 0.6)
    const role = () => pick(['owner', 'admin', 'member', 'viewer'] as const)
    const member = (email: string) => ({
      email,
      role: role(),
      environment: pick([null, null, 'default', 'staging']),
      cells: pick([null, null, [], ['us', 'eu']]),
    })
    const file = () => ({
      ...(random() < 0.3 && { settings: { name: pick(['One', 'Two']), requireNukeReason: random() < 0.5 } }),
      ...(random() < 0.6 && {
        people: [
          // A caller who is no admin any more can plan no further round.
          { email: one.root.email, role: pick(['owner', 'owner', 'admin'] as const) },
          ...some(emails.slice(1)).map((email) => ({ email, role: role() })),
        ],
      }),
      projects: some(['alpha', 'beta']).map((slug) => ({
        slug,
        name: pick(['Alpha', 'Beta']),
        environments: ['default', ...some(['staging', 'qa'])],
        ...(random() < 0.8 && { members: [one.root.email, ...some(emails.slice(1))].map(member) }),
      })),
    })
    const ends = { reached: 0, refused: 0 }
    for (let round = 0; round < 60; round++) {
      const [given, prune] = [file(), random() < 0.5]
      /* oxlint-disable no-await-in-loop -- each round begins where the one before has ended */
      const before = await exported(one)
      const refusal = await applied(one, given, prune).then(() => undefined, refusalIn)
      const isKept = isDeepStrictEqual(await exported(one), before)
      const left = refusal ? [] : (await planFile(await one.at(one.root), ask(given, prune))).changes
      expect({ refusal, left, isKept: isKept || !refusal }, JSON.stringify(given)).toEqual({ refusal, left: [], isKept: true })
      /* oxlint-enable no-await-in-loop */
      ends[refusal ? 'refused' : 'reached']++
    }
    expect(ends.reached).toBeGreaterThan(5)
    expect(ends.refused).toBeGreaterThan(5)
  })
})

describe('what a file may grant', () => {
  const roles = ['owner', 'admin', 'member', 'viewer'] as const

  test.for(roles)('is, to %s of the organization, what single requests may grant', async (granting) => {
    const { one, bob } = await furnished()
    const context = await one.at(await one.person(granting))
    const isGranted = async (call: Promise<unknown>) => (await call.then(() => undefined, refusalIn)) === undefined
    const project = await findProject(world.db, one.org.id, { slug: 'beta' }, context.actor.id)
    const grant = effectiveGrant(context.org.role, membershipOf(project))
    const { id, slug, generation } = project!
    for (const role of roles) {
      const email = `${granting}-${role}@elsewhere.test`
      /* oxlint-disable no-await-in-loop -- each is undone by hand before the next */
      const byFile = {
        person: await isGranted(planFile(context, ask({ people: [{ email: bob.email, role }] }))),
        guest: await isGranted(planFile(context, ask({ people: [{ email, role }] }))),
        member: await isGranted(
          planFile(context, ask({ projects: [{ slug: 'beta', name: 'beta', members: [{ email: bob.email, role }] }] })),
        ),
      }
      const { results } = await invitePeople(context, InvitePeople.parse({ invitations: [{ email, role }] })).catch(() => ({
        results: [{ invitation: null }],
      }))
      const inside = { ...context, project: { id, slug, generation }, grant: grant! }
      const byRequest = {
        person: await isGranted(setOrganizationRole(context, bob.id, { role })),
        guest: results[0]!.invitation !== null,
        member: grant ? await isGranted(addMember(inside, AddMember.parse({ userId: bob.id, role }))) : false,
      }
      expect(byFile, role).toEqual(byRequest)
      await setOrganizationRole(await one.at(one.root), bob.id, { role: 'member' })
      if (byRequest.member) await removeMember(await one.inside({ id }), bob.id)
      /* oxlint-enable no-await-in-loop */
    }
  })
})
