import { isDeepStrictEqual } from 'node:util'
import type { VerbGrant } from '#contract/common'
import { scaleOf } from '../outcome.ts'
import { createCast, personalToken } from './cast.ts'
import { startLane } from '../http/lane.ts'
import { type Rights, combinations, givesBy, inWords, isWithin, until } from './rights.ts'

/** A caller who tries to grant rights, and their own rights. */
export type Granter = { rights: Rights; bearer: string; id: string }

const everyGranter = combinations({ verbs: [[], ['create:*', 'read:*', 'update:*']], ends: [null, until] })

/**
 * All who can give anything. Of the others, `npm run prove access` takes all, and every test run enough that any two of their
 * properties meet: role and scope (16 pairs) decide the verbs and the end.
 */
const granterRights = everyGranter.filter((rights, i) => {
  if (scaleOf('grants', 0) > 0 || givesBy(rights, 'create')) return true
  const [pair, verbs, end] = [Math.floor(i / 4), Math.floor(i / 2) % 2, i % 2]
  const turn = (Math.floor(pair / 4) + pair) % 4
  return verbs === turn % 2 && end === Math.floor(turn / 2)
})

/** A project with a member and a token of every combination of rights, and a judge of what they grant. */
export async function openGranting() {
  const lane = await startLane()
  const cast = await createCast(lane.db)
  const stage = await cast.project('alpha')
  const { db } = lane

  /** Writes straight to the table, so that the code under test does not create its own preconditions. */
  async function put(table: 'project_members' | 'project_tokens', id: string, rights: Rights): Promise<void> {
    const { role, envName, cellScopes: cell_scopes, verbs, expiresAt: expires_at } = rights
    const env_id = db
      .selectFrom('environments')
      .select('id')
      .where('project_id', '=', stage.id)
      .where('name', '=', envName ?? '')
    await db.updateTable(table).set({ role, env_id, cell_scopes, verbs, expires_at }).where('id', '=', id).execute()
  }

  /** The stored rights, in the same form. */
  async function stored(table: 'project_members' | 'project_tokens', id: string): Promise<Rights> {
    const row = await db
      .selectFrom(table)
      .leftJoin('environments as e', 'e.id', `${table}.env_id`)
      .select([`${table}.role`, `${table}.cell_scopes`, `${table}.verbs`, `${table}.expires_at`, 'e.name'])
      .where(`${table}.id`, '=', id)
      .executeTakeFirstOrThrow()
    const { role, cell_scopes: cellScopes, expires_at: expiresAt, name: envName } = row
    return { role, envName, cellScopes, verbs: row.verbs as VerbGrant[], expiresAt }
  }

  /** Undefined for a person who is not a member. */
  async function membershipOf(userId: string): Promise<string | undefined> {
    const ofProject = db.selectFrom('project_members').select('id').where('project_id', '=', stage.id)
    return (await ofProject.where('user_id', '=', userId).executeTakeFirst())?.id
  }

  async function member(rights: Rights): Promise<Granter> {
    const actor = await cast.world.member({ id: stage.id }, { role: 'viewer' })
    await put('project_members', (await membershipOf(actor.id))!, rights)
    return { rights, bearer: await personalToken(db, actor, cast.world.org.id), id: actor.id }
  }

  async function token(rights: Rights): Promise<Granter> {
    const { actor, text } = await cast.world.token({ id: stage.id }, { role: 'viewer' })
    await put('project_tokens', actor.id, rights)
    return { rights, bearer: text, id: actor.id }
  }

  const people: Granter[] = []
  const tokens: Granter[] = []
  for (const rights of granterRights) {
    people.push(await member(rights))
    tokens.push(await token(rights))
  }

  const surprises: string[] = []
  let judged = 0
  /** Records each deviation from the definition. `got` is what was stored when something was granted. */
  function judge(way: string, { rights }: Granter, given: Rights, verb: 'create' | 'update', got: Rights | boolean): void {
    judged++
    const expected = givesBy(rights, verb) && isWithin(given, rights)
    if (Boolean(got) !== expected)
      surprises.push(`${way}: ${inWords(rights)} ${got ? 'gave' : 'could not give'} ${inWords(given)}`)
    else if (typeof got === 'object' && !isDeepStrictEqual(got, given))
      surprises.push(`${way}: ${inWords(got)} was stored for ${inWords(given)}`)
  }

  /** The deviations since the last call. Judging fewer cases than `least` is a deviation too. */
  function verdict(least: number): string[] {
    const all = [...surprises.splice(0), ...(judged < least ? [`only ${judged} were judged`] : [])]
    judged = 0
    return all
  }

  return { ...lane, cast, stage, people, tokens, member, token, put, stored, membershipOf, judge, verdict }
}

export type Granting = Awaited<ReturnType<typeof openGranting>>
