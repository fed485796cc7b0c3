import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { Apply } from '#contract/apply/apply'
import { PutCell } from '#contract/catalog/cells'
import { InvitePeople } from '#contract/organizations/invitations'
import { CreateToken } from '#contract/tokens/tokens'
import { countWaiting } from '#test/support/database/database'
import { apply } from '../apply/apply.ts'
import { reachedByChange } from './cell-in-scope.ts'
import { applyCatalogRevision, listCatalogRevisions } from '../apply/catalog-revisions.ts'
import { deleteCell, getCell, replaceCell } from './cells.ts'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { addMember, removeMember, setCellScopes } from '../members/members.ts'
import { listWipes, nukeProject, restoreWipe } from '../nuke/nuke.ts'
import { invitePeople, revokeInvitation } from '../organizations/organization-invitations.ts'
import { addCell, fill } from '#test/support/world/catalog'
import { createWorld, openWorld, page, refused } from '#test/support/world/world'
import { createToken, revokeToken } from '../tokens/tokens.ts'
import { exportProject } from '../transfer/export.ts'
import { importProject } from '../transfer/import.ts'

vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long')
vi.stubEnv('BULKHEAD_URL', 'https://console.test')
const world = await openWorld({ max: 12 })
afterAll(world.close)
afterAll(() => vi.unstubAllEnvs())

let n = 0
let project: { id: string; slug: string }
let context: ProjectContext
/** europe contains germany and france, which follow a property; `vip` takes members by hand. */
beforeEach(async () => {
  project = await world.project(`p${++n}`)
  context = await world.inside(project)
  await fill(context)
})

const limited = (...cellScopes: string[]) => world.member(project, { role: 'member', cellScopes })
const invite = async (cellScopes: string[] | null, email = `guest-${++n}@elsewhere.test`) => {
  const invitations = [{ email, projects: [{ slug: project.slug, role: 'viewer', cellScopes }] }]
  const { results } = await invitePeople(await world.at(world.root), InvitePeople.parse({ invitations }))
  return { id: results[0]!.invitation!.id, email }
}
const token = async (cellScopes: string[], given: object = {}) =>
  createToken(await world.inside(project), CreateToken.parse({ name: `ci-${++n}`, cellScopes, ...given }))

const change = async (name: string, given: object, options?: { force: boolean }, by = context) => {
  const { createdAt: _, updatedAt: __, ...cell } = await getCell(context, name)
  return replaceCell(by, name, PutCell.parse({ ...cell, ...given }), options)
}
const refusal = async (call: Promise<unknown>) => {
  const error = await call.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(DomainError)
  return error as DomainError
}
const document = async (name: string, given: object = {}) => {
  const { createdAt: _, updatedAt: __, ...cell } = await getCell(context, name)
  return { ...cell, ...given }
}
const applied = (request: object, by = context) => apply(by, 'default', Apply.parse({ items: [], ...request }))
const rule = (value: string) => ({ membership: { derivedFrom: { property: 'country', values: [value] } } })

describe('the scopes that a change of cells affects', () => {
  const cell = (...parentCells: string[]) => ({ parentCells })
  const tree = new Map([
    ['top', cell()],
    ['left', cell('top')],
    ['right', cell('top')],
    ['leaf', cell('left')],
  ])
  const reached = (after: Record<string, object | null>) => {
    const next = new Map<string, { parentCells: string[] }>(tree)
    for (const [name, shape] of Object.entries(after)) {
      if (shape) next.set(name, shape as { parentCells: string[] })
      else next.delete(name)
    }
    return [...reachedByChange({ names: Object.keys(after), before: tree, after: next }).reached].toSorted()
  }
  const derived = (property: string, values?: string[]) => ({
    parentCells: [],
    membership: { derivedFrom: { property, values } },
  })

  test('are none for a new cell, and for one with the same rule and parents', () => {
    expect(reached({ fresh: cell('leaf') })).toEqual([])
    expect(reached({ leaf: { ...cell('left'), displayName: 'x' } })).toEqual([])
  })

  test('are the cell and all above it when it is deleted or its rule changes', () => {
    expect(reached({ leaf: null })).toEqual(['leaf', 'left', 'top'])
    expect(reached({ leaf: { ...derived('country'), parentCells: ['left'] } })).toEqual(['leaf', 'left', 'top'])
    expect(reached({ leaf: derived('country') })).toEqual(['leaf', 'left', 'top'])
  })

  test('are the cell and the cells above its old and new parents when it moves', () => {
    expect(reached({ leaf: cell('right') })).toEqual(['leaf', 'left', 'right', 'top'])
    expect(reached({ leaf: cell() })).toEqual(['leaf', 'left', 'top'])
    expect(reached({ right: cell('leaf') })).toEqual(['leaf', 'left', 'right', 'top'])
  })

  test('treat equivalent rules as the same', () => {
    const same = (a: object, b: object) =>
      reachedByChange({ names: ['a'], before: new Map([['a', a as never]]), after: new Map([['a', b as never]]) }).changed
    expect(same(derived('country'), derived('country', ['a']))).toEqual([])
    expect(same(derived('country', ['x', 'y']), derived('country', ['y', 'x', 'x']))).toEqual([])
    expect(same(derived('x', ['y']), derived('y', ['x']))).toEqual(['a'])
    expect(same(derived('country'), derived('city'))).toEqual(['a'])
  })

  test('are found fast in a cycle and among 100,000 cells', () => {
    const circle = new Map([
      ['a', cell('b')],
      ['b', cell('a')],
    ])
    expect([...reachedByChange({ names: ['a'], before: circle, after: new Map() }).reached].toSorted()).toEqual(['a', 'b'])
    const many = new Map(Array.from({ length: 100_000 }, (_, i) => [`c${i}`, cell(...(i > 0 ? [`c${i - 1}`] : []))]))
    const began = performance.now()
    expect(reachedByChange({ names: many.keys(), before: many, after: new Map() }).reached.size).toBe(100_000)
    expect(performance.now() - began).toBeLessThan(2000)
  })
})

describe('changing a cell that someone is limited to', () => {
  const changes: [string, (options?: { force: boolean }) => Promise<unknown>][] = [
    ['deleting it', (options) => deleteCell(context, 'germany', options)],
    ['changing its rule', (options) => change('germany', rule('at'), options)],
    ['taking its rule away', (options) => change('germany', { membership: null }, options)],
    ['moving it', (options) => change('germany', { parentCells: [] }, options)],
  ]

  test.for(changes)('%s names the member, the token and the invitation, and needs force', async ([, call]) => {
    const [member, ci, { email }] = [await limited('germany', 'nowhere'), await token(['germany']), await invite(['germany'])]
    const before = await getCell(context, 'germany')
    const { code, message, details } = await refusal(call())
    expect(code).toBe('cell_in_scope')
    expect(message).toBe(
      `Access of members, tokens or invitations is limited to the cell germany, so they would see something else. Send force=true to do it anyway. ` +
        `Limited to cells: the member ${member.email}, the token ${ci.name} and the invitation to ${email}`,
    )
    expect(details).toEqual(
      [`the member ${member.email}`, `the token ${ci.name}`, `the invitation to ${email}`].map((name) => ({
        path: 'force',
        message: name,
      })),
    )
    expect(await getCell(context, 'germany')).toEqual(before)
    expect(await refused(call({ force: false }))).toBe('cell_in_scope')
    await call({ force: true })
  })

  test.for(changes)('%s also checks who is limited to a cell above it', async ([, call]) => {
    const { email } = await limited('europe')
    expect((await refusal(call())).message).toContain(`Limited to cells: the member ${email}`)
    await call({ force: true })
  })

  test('also checks the cells above its new place', async () => {
    await addCell(context, 'world', {})
    const { email } = await limited('world')
    await change('france', { displayName: 'La France' })
    expect((await refusal(change('europe', { parentCells: ['world'] }))).message).toContain(email)
  })

  test('leaves its name, limits and placement free to change', async () => {
    await limited('germany')
    const constraints = [{ metric: 'load', aggregate: 'sum', max: 5 }]
    await change('germany', { displayName: 'Deutschland', placementPolicy: 'random', constraints })
    await change('germany', { ...rule('de'), membership: (await getCell(context, 'germany')).membership })
    expect(await getCell(context, 'germany')).toMatchObject({ displayName: 'Deutschland' })
  })

  test('ignores expired access, and access limited to other cells or to none', async () => {
    const past = { expires_at: '2020-01-01T00:00:00Z' }
    const gone = await limited('germany')
    await world.db.updateTable('project_members').set(past).where('user_id', '=', gone.id).execute()
    const removed = await limited('germany')
    await removeMember(context, removed.id)
    await limited('france', 'vip')
    await limited()
    await world.member(project, { role: 'viewer' })
    const [revoked, expired] = [await token(['germany']), await token(['germany'])]
    await revokeToken(context, revoked.id)
    await world.db.updateTable('project_tokens').set(past).where('id', '=', expired.id).execute()
    const [withdrawn, lapsed, whole] = [await invite(['germany']), await invite(['germany']), await invite(null)]
    await revokeInvitation(await world.at(world.root), withdrawn.id)
    await world.db.updateTable('invitations').set(past).where('id', '=', lapsed.id).execute()
    expect(whole.id).toEqual(expect.any(String))
    await deleteCell(context, 'germany')
  })

  test('ignores other projects and organizations, even with equal cell names', async () => {
    const twin = await world.project(`twin-${n}`)
    await world.member(twin, { role: 'viewer', cellScopes: ['germany'] })
    const elsewhere = await createWorld(world.db, `other-${n}`)
    await elsewhere.member(await elsewhere.project('theirs'), { role: 'viewer', cellScopes: ['germany'] })
    expect(await deleteCell(context, 'germany')).toEqual({ deleted: true, name: 'germany' })
  })

  test('names twenty and counts the rest', async () => {
    for (let i = 0; i < 18; i++) await limited('germany')
    for (let i = 0; i < 5; i++) await token(['germany'])
    const { message, details } = await refusal(deleteCell(context, 'germany'))
    expect(details).toHaveLength(21)
    expect(details?.at(-1)?.message).toBe('3 more')
    expect(message).toMatch(/ and 3 more$/)
  })

  test('names only what the caller may list: no invitations, not even their number, to an admin of the project only', async () => {
    const { email } = await invite(['germany'])
    await invite(['germany'])
    const admin = await world.inside(project, await world.member(project, { role: 'admin' }))
    const { message, details } = await refusal(deleteCell(admin, 'germany'))
    expect(message).toMatch(/Limited to cells: others that you can’t list$/)
    expect(message).not.toContain(email)
    expect(details).toEqual([{ path: 'force', message: 'others that you can’t list' }])
    const member = await limited('germany')
    expect((await refusal(deleteCell(admin, 'germany'))).message).toMatch(
      new RegExp(`Limited to cells: the member ${member.email} and others that you can’t list$`),
    )
    await deleteCell(admin, 'germany', { force: true })
  })

  test('names nobody to a caller who may only delete', async () => {
    const { email } = await limited('germany')
    const { name } = await token(['germany'])
    const admin = await world.inside(project, await world.member(project, { role: 'admin' }))
    const blind = { ...admin, verb: 'delete' as const, grant: { ...admin.grant, verbs: ['delete:*' as const] } }
    const { message } = await refusal(deleteCell(blind, 'germany'))
    expect(message).toMatch(/others that you can’t list$/)
    for (const unseen of [email, name]) expect(message).not.toContain(unseen)
  })

  test('nuke and undo remove and restore it without checking', async () => {
    await limited('germany')
    await nukeProject(context, { confirm: project.slug })
    const { items } = await listWipes(await world.inside(project), page)
    await restoreWipe(await world.inside(project), items[0]!.id)
    expect(await getCell(await world.inside(project), 'germany')).toMatchObject({ name: 'germany' })
  })

  const races: [string, (actor: { id: string }) => Promise<unknown>][] = [
    ['a member’s scope', async ({ id }) => setCellScopes(await world.inside(project), id, { cellScopes: ['germany'] })],
    ['a token', () => token(['germany'])],
    ['an invitation', () => invite(['germany'])],
  ]
  test.for(races)('deletion comes before or after %s, never between', async ([, give]) => {
    const someone = await world.member(project, { role: 'viewer' })
    let given: Promise<unknown> | undefined
    await world.db.transaction().execute(async (trx) => {
      await deleteCell({ ...context, db: trx }, 'germany')
      given = give(someone)
      await vi.waitFor(async () => expect(await countWaiting(world.db)).toBe(1), { timeout: 5000, interval: 20 })
    })
    await given
    expect(await refused(getCell(context, 'germany'))).toBe('cell_not_found')
    // The other way round: deleting sees what was granted.
    await addCell(context, 'germany', { parentCells: ['europe'] })
    expect(await refused(deleteCell(context, 'germany'))).toBe('cell_in_scope')
  })
})

describe('apply', () => {
  test('is refused as a whole, by a dry run too, and runs when forced', async () => {
    const { email } = await limited('germany')
    const requests = [
      { items: [await document('germany', rule('at')), await document('vip', { displayName: 'VIP' })] },
      { items: [await document('germany', { parentCells: [] })] },
      { deletions: [{ kind: 'Cell', name: 'germany' }] },
      {
        deletions: [
          { kind: 'Cell', name: 'europe' },
          { kind: 'Cell', name: 'germany' },
          { kind: 'Cell', name: 'france' },
        ],
      },
    ]
    for (const request of requests) {
      const [dry, wet] = [await refusal(applied({ ...request, dryRun: true })), await refusal(applied(request))]
      expect(wet).toMatchObject({ code: 'cell_in_scope', message: dry.message, details: dry.details })
      expect(wet.message).toContain(email)
      const forced = { ...request, force: true }
      expect(await applied({ ...forced, dryRun: true })).toMatchObject({ failed: [], dryRun: true })
    }
    expect(await getCell(context, 'vip')).toMatchObject({ displayName: 'vip' })
    expect((await applied({ ...requests[0]!, force: true })).failed).toEqual([])
    expect(await getCell(context, 'germany')).toMatchObject(rule('at'))
  })

  test('checks cells above what moves together, but not unchanged or new ones', async () => {
    await limited('europe')
    const items = [
      await document('germany'),
      await document('europe', { displayName: 'E' }),
      { kind: 'Cell', name: 'benelux', entityType: 'site', parentCells: ['europe'] },
    ]
    expect((await applied({ items })).failed).toEqual([])
    expect(await refused(applied({ items: [await document('france', { parentCells: [] })] }))).toBe('cell_in_scope')
  })

  test('does not check a document that fails anyway, nor a deletion that is skipped', async () => {
    await limited('germany')
    const bad = await document('germany', { ...rule('at'), entityType: 'none' })
    expect((await applied({ items: [bad] })).failed).toMatchObject([{ path: 'entityType' }])
    const held = await applied({ items: [{ kind: 'Cell' }], deletions: [{ kind: 'Cell', name: 'germany' }] })
    expect(held.skipped).toHaveLength(1)
    await limited('europe')
    const used = await applied({ deletions: [{ kind: 'Cell', name: 'europe' }] })
    expect(used.failed).toMatchObject([{ name: 'europe' }])
  })

  test('of a revision checks the same', async () => {
    await applied({ items: [{ kind: 'Secret', name: 's' }] })
    const id = (await listCatalogRevisions(context, page)).items[0]!.id
    await addCell(context, 'later', {})
    const { email } = await limited('later')
    for (const dryRun of [true, false]) {
      const { code, message } = await refusal(applyCatalogRevision(context, id, { force: false, dryRun }))
      expect([code, message]).toEqual(['cell_in_scope', expect.stringContaining(email)])
    }
    expect(await applyCatalogRevision(context, id, { force: true, dryRun: false })).toMatchObject({ failed: [] })
  })
})

describe('an import after a nuke', () => {
  async function exported() {
    const lines: Record<string, unknown>[] = []
    for await (const line of await exportProject(context)) lines.push(line)
    return lines
  }
  async function* from(lines: unknown[]) {
    for (const [i, line] of lines.entries()) yield { document: line, number: i + 1 }
  }
  const emptied = async () => {
    await nukeProject(context, { confirm: project.slug })
    return world.inside(project)
  }

  test('brings back the same cells without checking', async () => {
    await limited('germany')
    const lines = await exported()
    await importProject(await emptied(), from(lines))
    expect(await getCell(await world.inside(project), 'germany')).toMatchObject({ name: 'germany' })
  })

  test('checks a cell that someone is limited to when it comes back with another rule or parents', async () => {
    const { email } = await limited('germany')
    const lines = await exported()
    const after = await emptied()
    for (const given of [rule('at'), { parentCells: [] }]) {
      const other = lines.map((line) => (line['kind'] === 'Cell' && line['name'] === 'germany' ? { ...line, ...given } : line))
      const { code, message } = await refusal(importProject(after, from(other)))
      expect([code, message]).toEqual(['cell_in_scope', expect.stringContaining(email)])
      expect(await refused(getCell(after, 'germany'))).toBe('cell_not_found')
    }
    const other = lines.map((line) => (line['name'] === 'germany' ? { ...line, ...rule('at') } : line))
    await importProject(after, from(other), { force: true })
    expect(await getCell(after, 'germany')).toMatchObject(rule('at'))
  })

  test('does not check in a project that never had the cell', async () => {
    const lines = await exported()
    const fresh = await world.project(`fresh-${n}`)
    await addMember(await world.inside(fresh), { userId: (await world.person()).id, role: 'viewer', cellScopes: ['germany'] })
    expect(await importProject(await world.inside(fresh), from(lines))).toMatchObject({ rows: { Cell: 4 } })
  })
})
