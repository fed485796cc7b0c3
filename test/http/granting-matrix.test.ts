import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { VerbGrant } from '#contract/common'
import type { MemberOutcomes } from '#contract/members/changes'
import type { Member } from '#contract/members/members'
import type { UserActor } from '#domain/context'
import { newId } from '#domain/ids'
import { personalToken } from '../support/world/cast.ts'
import type { Answer } from '../support/http/client.ts'
import { type Granter, type Granting, openGranting } from '../support/world/granting.ts'
import {
  type Rights,
  combinations,
  everyScope,
  givesBy,
  inWords,
  isWithin,
  later,
  sooner,
  until,
  worksWithin,
} from '../support/world/rights.ts'

// Nobody grants more than they have: every granter tries every set of rights in every way of granting.

/** The granter is not scoped, so the widest and the narrowest scope stand for all others. */
const scopes = [everyScope.at(0)!, everyScope.at(-1)!]
const gifts = combinations({ verbs: [[]], ends: [null, sooner, later], scopes })
const verbSets: VerbGrant[][] = [[], ['read:*'], ['delete:*'], ['create:*', 'read:*']]
const withVerbs = (verbs: VerbGrant[], rights: Partial<Rights> = {}): Rights => ({
  role: 'member',
  envName: null,
  cellScopes: null,
  expiresAt: null,
  ...rights,
  verbs,
})

let it: Granting
let targets: UserActor[] = []
beforeAll(async () => {
  it = await openGranting()
  targets = await Promise.all(gifts.map(() => it.cast.world.person()))
})
afterAll(() => it.stop())

const clearTargets = () =>
  it.db
    .deleteFrom('project_members')
    .where('project_id', '=', it.stage.id)
    .where(
      'user_id',
      'in',
      targets.map(({ id }) => id),
    )
    .execute()

/** The rights as one request sends them. */
const sent = ({ role, envName, cellScopes, expiresAt }: Omit<Rights, 'verbs'>) => ({ role, envName, cellScopes, expiresAt })

const rightsOf = ({ permissions: verbs, ...member }: Member): Rights => ({ ...sent(member), verbs })
const membership = async (userId: string) => (await it.membershipOf(userId))!
const ok = ({ status }: Answer<unknown>) => status < 300
const at = '/orgs/acme/projects/alpha'

describe('members', { timeout: 90_000 }, () => {
  test('cannot exceed the granter when added and changed in bulk', async () => {
    const changes = async (granter: Granter, action: 'add' | 'update') => {
      const rows = gifts.map((given, i) => ({ action, projectId: 'alpha', userId: targets[i]!.id, ...sent(given) }))
      const { body } = await it.send<MemberOutcomes>(granter.bearer, 'POST /orgs/acme/member-changes', {
        json: { changes: rows },
      })
      for (const [i, { done, member }] of body.outcomes.entries()) {
        it.judge(action, granter, gifts[i]!, action === 'add' ? 'create' : 'update', done && rightsOf(member!))
      }
    }
    for (const granter of it.people) {
      await changes(granter, 'add')
      await clearTargets()
    }
    for (const { id } of targets)
      await it.send(it.stage.tokens.owner, `POST ${at}/members`, { json: { userId: id, role: 'viewer' } })
    const ids = await Promise.all(targets.map(({ id }) => membership(id)))
    for (const granter of it.people) {
      await changes(granter, 'update')
      if (givesBy(granter.rights, 'update'))
        for (const id of ids) await it.put('project_members', id, withVerbs([], { role: 'viewer' }))
    }
    await clearTargets()
    expect(it.verdict(2 * it.people.length * gifts.length)).toEqual([])
  })

  test('cannot exceed a project token that adds them one at a time', async () => {
    for (const granter of it.tokens) {
      const answers = await Promise.all(
        gifts.map((given, i) =>
          it.send(granter.bearer, `POST ${at}/members`, { json: { userId: targets[i]!.id, ...sent(given) } }),
        ),
      )
      for (const [i, answer] of answers.entries()) it.judge('POST members', granter, gifts[i]!, 'create', ok(answer))
      if (answers.some(ok)) await clearTargets()
    }
    expect(it.verdict(it.tokens.length * gifts.length)).toEqual([])
  })

  test('cannot be added with more verbs than those of the granter', async () => {
    for (const granter of [...it.people, ...it.tokens]) {
      const answers = await Promise.all(
        verbSets.map((permissions, i) =>
          it.send<Member>(granter.bearer, `POST ${at}/members`, {
            json: { userId: targets[i]!.id, role: 'viewer', permissions },
          }),
        ),
      )
      for (const [i, answer] of answers.entries()) {
        const given = withVerbs(verbSets[i]!, { role: 'viewer' })
        it.judge('POST members', granter, given, 'create', ok(answer) && rightsOf(answer.body))
      }
      if (answers.some(ok)) await clearTargets()
    }
    expect(it.verdict((it.people.length + it.tokens.length) * verbSets.length)).toEqual([])
  })

  test('cannot exceed the granter when one change sets role, environment and expiry, cells, or verbs', async () => {
    const [target] = targets
    await it.send(it.stage.tokens.owner, `POST ${at}/members`, { json: { userId: target!.id } })
    const id = await membership(target!.id)
    const before = [
      withVerbs([], { role: 'viewer' }),
      withVerbs(['read:*'], { expiresAt: sooner }),
      withVerbs([], { role: 'admin', expiresAt: later }),
    ]
    for (const granter of it.people) {
      for (const had of before) {
        await it.put('project_members', id, had)
        const attempt = async (request: string, json: object, after: Rights) => {
          const answer = await it.send(granter.bearer, request, { json })
          it.judge(request, granter, after, 'update', ok(answer) && (await it.stored('project_members', id)))
          if (ok(answer)) await it.put('project_members', id, had)
        }
        for (const expiresAt of [null, sooner, later])
          await attempt(
            `PATCH ${at}/members/${target!.id}`,
            { role: 'owner', expiresAt, envName: 'staging' },
            { ...had, role: 'owner', envName: 'staging', expiresAt },
          )
        await attempt(`PATCH ${at}/members/${target!.id}`, { role: 'member' }, { ...had, role: 'member' })
        await attempt(`PATCH ${at}/members/${target!.id}`, { cellScopes: ['eu'] }, { ...had, cellScopes: ['eu'] })
        for (const cellScopes of [null, ['eu']])
          await attempt(`PUT ${at}/members/${target!.id}/cell-scopes`, { cellScopes }, { ...had, cellScopes })
        // A caller who changes verbs must also have all the earlier ones.
        const mayHave = isWithin(had, granter.rights)
        for (const verbs of mayHave ? verbSets : [])
          await attempt(`PATCH /v1/members/${id}`, { permissions: verbs }, { ...had, verbs })
      }
    }
    await clearTargets()
    expect(it.verdict(it.people.length * 18)).toEqual([])
  })

  test('cannot widen their own access', async () => {
    const tryAll = async (granter: Granter) => {
      const id = await membership(granter.id)
      const tries: [string, object][] = [
        [`PATCH ${at}/members/${granter.id}`, { role: 'owner' }],
        [`PATCH ${at}/members/${granter.id}`, { expiresAt: null }],
        [`PATCH ${at}/members/${granter.id}`, { envName: null }],
        [`PUT ${at}/members/${granter.id}/cell-scopes`, { cellScopes: null }],
        [`PATCH /v1/members/${id}`, { permissions: [] }],
      ]
      for (const [request, json] of tries) {
        await it.send(granter.bearer, request, { json })
        const now = await it.stored('project_members', id)
        expect([request, inWords(granter.rights), inWords(now), isWithin(now, granter.rights)]).toContain(true)
        await it.put('project_members', id, granter.rights)
      }
    }
    for (let i = 0; i < it.people.length; i += 8) await Promise.all(it.people.slice(i, i + 8).map(tryAll))
  })
})

describe('project tokens', { timeout: 90_000 }, () => {
  test('cannot exceed their creator at either URL or in the v1 API', async () => {
    for (const granter of it.people) {
      const answers = await Promise.all(
        gifts.map((given, i) =>
          it.send<{ id: string }>(granter.bearer, `POST ${i % 2 ? at : '/acme/alpha'}/tokens`, {
            json: { name: 'given', ...sent(given) },
          }),
        ),
      )
      for (const [i, answer] of answers.entries()) {
        it.judge('POST tokens', granter, gifts[i]!, 'create', ok(answer) && (await it.stored('project_tokens', answer.body.id)))
      }
      for (const verbs of verbSets) {
        const given = withVerbs(verbs, { role: 'admin' })
        const answer = await it.send(granter.bearer, `POST /v1/projects/${it.stage.id}/tokens`, {
          json: { name: newId(), permissions: verbs },
        })
        it.judge('POST /v1 tokens', granter, given, 'create', ok(answer))
      }
    }
    expect(it.verdict(it.people.length * (gifts.length + verbSets.length))).toEqual([])
  })

  test('cannot exceed a caller who rotates or changes them', async () => {
    const { actor } = await it.cast.world.token({ id: it.stage.id }, { role: 'viewer' })
    const held = combinations({ verbs: [[], ['read:*']], ends: [null, sooner, later], scopes: scopes.slice(0, 1) })
    for (const granter of it.tokens) {
      // A caller who grants nothing is refused before the token is read, so a few cases are enough.
      const some = givesBy(granter.rights, 'create') || givesBy(granter.rights, 'update') ? held : held.slice(-3)
      for (const given of some) {
        await it.put('project_tokens', actor.id, given)
        const rotated = await it.send<{ id: string }>(granter.bearer, `POST ${at}/tokens/${actor.id}/rotate`)
        it.judge('rotate', granter, given, 'create', ok(rotated) && (await it.stored('project_tokens', rotated.body.id)))
        await it.put('project_tokens', actor.id, given)
        const verbs: VerbGrant[] = given.verbs.length > 0 ? [] : ['delete:*']
        const changed = await it.send(granter.bearer, `PATCH /v1/project_tokens/${actor.id}`, { json: { permissions: verbs } })
        const mayHave = isWithin(given, granter.rights)
        if (mayHave || ok(changed))
          it.judge('PATCH /v1 token', granter, mayHave ? { ...given, verbs } : given, 'update', ok(changed))
      }
    }
    expect(it.verdict(it.tokens.length * 3)).toEqual([])
  })
})

describe('addresses', { timeout: 90_000 }, () => {
  // The tests call from 127.0.0.1, which all of these allow.
  const owns = [[], ['127.0.0.0/8'], ['127.0.0.1'], ['127.0.0.0/9', '127.128.0.0/9'], ['127.0.0.0/8', '10.0.0.0/8']]
  const given = [...owns, ['10.0.0.0/8'], ['127.0.0.2'], ['0.0.0.0/0'], ['198.51.100.0/24', '127.0.0.1']]
  type Bound = { own: string[]; bearer: string; id: string }

  const bind = async (table: 'project_tokens' | 'personal_tokens', id: string, allowed_addresses: string[]) =>
    void (await it.db.updateTable(table).set({ allowed_addresses }).where('id', '=', id).execute())

  async function projectToken(own: string[]): Promise<Bound> {
    const { bearer, id } = await it.token(withVerbs([], { role: 'owner' }))
    await bind('project_tokens', id, own)
    return { own, bearer, id }
  }

  async function ownersToken(own: string[], expiresAt: string | null = null): Promise<Bound> {
    const person = await it.cast.world.member({ id: it.stage.id }, { role: 'owner' })
    const bearer = await personalToken(it.db, person, it.cast.world.org.id, expiresAt)
    const { id } = await it.db
      .selectFrom('personal_tokens')
      .select('id')
      .where('user_id', '=', person.id)
      .executeTakeFirstOrThrow()
    await bind('personal_tokens', id, own)
    return { own, bearer, id }
  }

  const granters = async () => [
    ...(await Promise.all(owns.map((own) => projectToken(own)))),
    ...(await Promise.all(owns.map((own) => ownersToken(own)))),
  ]
  const addressesOf = async (id: string) => {
    const row = it.db.selectFrom('project_tokens').select('allowed_addresses').where('id', '=', id)
    return (await row.executeTakeFirstOrThrow()).allowed_addresses
  }
  const surprises: string[] = []
  function judge(way: string, own: string[], given: string[], got: string[] | false) {
    const expected = worksWithin(given, own)
    if (Boolean(got) !== expected) surprises.push(`${way}: [${own.join()}] ${got ? 'gave' : 'could not give'} [${given.join()}]`)
    else if (got && got.join() !== given.join()) surprises.push(`${way}: [${got.join()}] was stored for [${given.join()}]`)
  }

  test('lets a token create, change, rotate and show no token that works where it does not', async () => {
    for (const { own, bearer } of await granters()) {
      for (const allowedAddresses of given) {
        for (const base of [at, '/acme/alpha']) {
          const json = { name: 'given', allowedAddresses }
          const made = await it.send<{ id: string }>(bearer, `POST ${base}/tokens`, { json })
          judge('POST tokens', own, allowedAddresses, ok(made) && (await addressesOf(made.body.id)))
        }
        const { actor } = await it.cast.world.token({ id: it.stage.id }, { role: 'viewer' })
        await bind('project_tokens', actor.id, allowedAddresses)
        const verbs = await it.send(bearer, `PATCH /v1/project_tokens/${actor.id}`, { json: { permissions: ['read:*'] } })
        judge('PATCH /v1 token', own, allowedAddresses, ok(verbs) && allowedAddresses)
        const rotated = await it.send<{ id: string }>(bearer, `POST ${at}/tokens/${actor.id}/rotate`)
        judge('rotate', own, allowedAddresses, ok(rotated) && (await addressesOf(rotated.body.id)))
        const within = await it.cast.world.token({ id: it.stage.id }, { role: 'viewer' })
        await bind('project_tokens', within.actor.id, ['127.0.0.1'])
        const json = { allowedAddresses }
        const changed = await it.send(bearer, `PATCH ${at}/tokens/${within.actor.id}`, { json })
        judge('PATCH token', own, allowedAddresses, ok(changed) && (await addressesOf(within.actor.id)))
      }
    }
    expect(surprises).toEqual([])
  })

  test('binds a v1 token like its creator, and shows the text of no token that is less bound', async () => {
    const texts = new Map<string, string>()
    for (const { own, bearer } of await Promise.all(owns.map((one) => ownersToken(one)))) {
      const made = await it.send<{ id: string; token: string }>(bearer, `POST /v1/projects/${it.stage.id}/tokens`, {
        json: { name: newId() },
      })
      expect(made.status, made.text).toBe(201)
      expect(await addressesOf(made.body.id)).toEqual(own)
      texts.set(made.body.id, made.body.token)
    }
    for (const { own, bearer } of await granters()) {
      const listed = await it.send<{ id: string; token: string }[]>(bearer, `GET /v1/projects/${it.stage.id}/tokens?last=100`)
      // Only people can list them.
      const inList = new Map((ok(listed) ? listed.body : []).map(({ id, token }) => [id, token]))
      for (const [id, text] of texts) {
        const expected = worksWithin(await addressesOf(id), own)
        const alone = await it.send<{ token: string }>(bearer, `GET /v1/project_tokens/${id}`)
        const shown = [alone.body.token, ...(ok(listed) ? [inList.get(id)] : [])].map((token) => token === text)
        expect([own, await addressesOf(id), new Set(shown)]).toEqual([own, await addressesOf(id), new Set([expected])])
      }
    }
  })

  test('binds the token of a project that a bound personal token creates in the v1 API', async () => {
    const { id } = it.cast.people.orgOwner
    const bearer = await personalToken(it.db, { id }, it.cast.world.org.id, until)
    const own = ['127.0.0.0/8']
    await it.db
      .updateTable('personal_tokens')
      .set({ allowed_addresses: own })
      .where('user_id', '=', id)
      .where('expires_at', 'is not', null)
      .execute()
    const { body, text } = await it.send<{ id: string }>(bearer, 'POST /v1/projects', { json: { name: 'bound' } })
    const row = it.db.selectFrom('project_tokens').select(['allowed_addresses', 'expires_at']).where('project_id', '=', body.id)
    expect(await row.execute(), text).toEqual([{ allowed_addresses: own, expires_at: until }])
  })

  test('lets a personal token create none that outlives it', async () => {
    const { bearer } = await ownersToken([], until)
    for (const [expiresAt, expected] of [
      [null, 403],
      [later, 403],
      [until, 201],
      [sooner, 201],
    ] as const) {
      const json = { name: 'given', expiresAt }
      expect([expiresAt, (await it.send(bearer, `POST ${at}/tokens`, { json })).status]).toEqual([expiresAt, expected])
      const { actor } = await it.cast.world.token({ id: it.stage.id }, { role: 'viewer', ...(expiresAt && { expiresAt }) })
      const rotated = await it.send(bearer, `POST ${at}/tokens/${actor.id}/rotate`)
      expect([expiresAt, rotated.status]).toEqual([expiresAt, expected])
    }
  })

  test('lets a token change nothing of itself in either API, but rotate and revoke itself', async () => {
    const self = await projectToken(['127.0.0.0/8'])
    const tries: [string, object][] = [
      [`PATCH ${at}/tokens/${self.id}`, { allowedAddresses: [] }],
      [`PATCH ${at}/tokens/${self.id}`, { allowedAddresses: ['127.0.0.1'] }],
      [`PATCH ${at}/tokens/${self.id.toUpperCase()}`, { name: 'another' }],
      [`PATCH /acme/alpha/tokens/${self.id}`, { expiresAt: null }],
      [`PATCH /v1/project_tokens/${self.id}`, { permissions: ['read:*'] }],
      [`PATCH /v1/project_tokens/${self.id.toUpperCase()}`, { name: 'another' }],
    ]
    for (const [request, json] of tries) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => it.send(self.bearer, request, { json })))
      expect([request, new Set(answers.map(({ status }) => status))]).toEqual([request, new Set([403])])
    }
    expect(await addressesOf(self.id)).toEqual(['127.0.0.0/8'])
    // Nor through a token that it created, which cannot do more.
    const made = await it.send<{ id: string; token: string }>(self.bearer, `POST ${at}/tokens`, {
      json: { name: 'helper', role: 'owner', allowedAddresses: ['127.0.0.0/8'] },
    })
    const lifted = await it.send(made.body.token, `PATCH ${at}/tokens/${self.id}`, { json: { allowedAddresses: [] } })
    expect(lifted.status).toBe(403)
    const rotated = await it.send<{ id: string; token: string }>(self.bearer, `POST ${at}/tokens/${self.id}/rotate`)
    expect(rotated.status).toBe(201)
    expect(await addressesOf(rotated.body.id)).toEqual(['127.0.0.0/8'])
    expect((await it.send(self.bearer, `GET ${at}`)).status).toBe(401)
    expect((await it.send(rotated.body.token, `DELETE ${at}/tokens/${rotated.body.id}`)).status).toBe(200)
  })
})
