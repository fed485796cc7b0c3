import { replaceDatabase } from '#db/client'
import { insertIdentity } from '#db/queries/accounts/identities'
import { insertSession } from '#db/queries/accounts/sessions'
import { newId } from '#domain/ids'
import { invitationToken } from '#domain/organizations/invitations'
import { type Cast, type Stage, createCast, ownersPassword, personalToken } from '#test/support/world/cast'
import { examplesOf } from '#test/support/http/examples'
import { startLane } from '#test/support/http/lane'
import { type V1Example, v1ExamplesOf } from '#test/support/v1/examples'
import { routes } from './routes.ts'
import { type People, type Subject, peopleOf, subjectsOf } from './subjects.ts'
import { type Aim, type Params, clear, furnish, furnishOrganization, targetsInV1, targetsOf, thingsInV1 } from './targets.ts'
import { holdDatabase } from './held-database.ts'

type Examples = Record<string, V1Example>

/**
 * A lane on which each call can be rolled back: all callers, the project `alpha`, `beta` next door, a deleted project, and
 * another organization.
 */
export async function openStage() {
  const lane = await startLane()
  const { send } = lane
  const cast = await createCast(lane.db)
  const [alpha, beta, deleted] = [await cast.project('alpha'), await cast.project('beta'), await cast.project('deleted')]
  const people = await peopleOf(cast, [alpha, deleted])
  const root = cast.people.orgOwner.token

  const examples = { alpha: await rightCalls(alpha), beta: await rightCalls(beta) }
  const foreign = {
    ...(await furnish(send, beta.tokens.owner, '/acme/beta', 'next-door')),
    ...(await furnishOrganization(send, cast.stranger.token, 'other')),
  }
  const was = await furnish(send, alpha.tokens.owner, '/acme/alpha', 'was-here')
  await clear(send, alpha.tokens.owner, '/acme/alpha', was)
  const { subjects, theirs, revokedTokenId } = await subjectsOf(send, cast, people, { alpha, beta, deleted })
  const theirToken = (await cast.elsewhere.token(theirs, { role: 'owner' })).text
  const ofOthers = await thingsInV1(send, cast.stranger.token, { id: theirs.id, tokens: { owner: theirToken } })
  const ofDeleted = await thingsInV1(send, root, deleted)
  await send(root, `DELETE /orgs/acme/projects/${deleted.id}`)
  // The first v1 call of a new person creates an organization, once.
  await send(subjects.find(({ column }) => column === 'stranger')!.asV1, 'GET /v1/projects')

  /** The example calls of a project whose entities are in the cell `eu` by a property. */
  async function rightCalls(stage: Stage): Promise<Examples> {
    const inOrgApi = await examplesOf(send, cast, stage)
    // Both kinds of examples give their token the same name.
    await lane.db
      .updateTable('project_tokens')
      .set({ name: 'older' })
      .where('project_id', '=', stage.id)
      .where('name', '=', 'old')
      .execute()
    const all: Examples = { ...inOrgApi, ...(await v1ExamplesOf(send, cast, stage)) }
    const at = `/acme/${stage.slug}`
    const make = async (request: string, json?: unknown) => {
      const { status, text } = await send(stage.tokens.owner, request, { json })
      if (status >= 300) throw new Error(`${request}: ${text}`)
    }
    await make(`PUT ${at}/cells/eu?force=true`, { entityType: 'server', membership: { derivedFrom: { property: 'region' } } })
    for (const name of ['web-1', 'web-8', 'web-9'])
      await make(`PUT ${at}/envs/default/entities/${name}`, { properties: { region: 'eu' } })
    await make(`POST ${at}/cells`, { name: 'west', entityType: 'server', parentCells: ['eu'] })
    const members = '/{o}/{p}/envs/{envName}/cells/{name}/members/{entityId}'
    const { entityId } = all[`PUT ${members}`]!.params
    await make(`PUT ${at}/envs/default/cells/west/members/${entityId}`)
    for (const name of [`PUT ${members}`, `DELETE ${members}`]) all[name]!.params['name'] = 'west'
    // An empty project can refuse nothing for what is in it.
    all['POST /{o}/{p}/import']!.params['p'] = stage.slug
    return all
  }

  const guests = await ownAffairs(cast, people)
  const invited = await lane.db
    .selectFrom('users')
    .select('email')
    .where('id', '=', people['colleague']!.id)
    .executeTakeFirstOrThrow()
  await send(root, `POST /v1/projects/${alpha.id}/invite`, { json: invited })
  const invitation = await lane.db
    .selectFrom('invitations')
    .select('id')
    .where('email', '=', invited.email)
    .executeTakeFirstOrThrow()
  const bodies: Record<string, object> = {
    'POST /v1/join_project': { token: invitationToken(invitation.id) },
    'PUT /orgs/{orgId}/projects/{projectId}/protection': { protected: false },
    'PUT /me/password': { password: ownersPassword, newPassword: 'tuesday apricot lantern' },
  }

  const projects = { 'deleted, by id': deleted.id, 'deleted, by slug': deleted.slug, 'of another organization': theirs.id }
  const deletedIds = { ...was, tokenId: revokedTokenId, userId: cast.stranger.id }
  const aims = new Map<string, Aim[]>()
  function aimsOf(route: string, subject: Subject): Aim[] {
    const found =
      aims.get(route) ??
      (route.includes(' /v1/')
        ? targetsInV1(route, { elsewhere: ofOthers, 'no project': ofDeleted })
        : targetsOf(route, { projects, foreign: foreignTo(route), deleted: deletedIds }))
    aims.set(route, found)
    return [...found, ...ownAims(subject, route)]
  }

  const memberIds = await lane.db
    .selectFrom('project_members')
    .select(['user_id', 'id'])
    .where('project_id', '=', alpha.id)
    .execute()
  const memberIdOf = new Map(memberIds.map(({ user_id, id }) => [user_id, id]))

  /** Targets where a route is about the caller. */
  function ownAims({ userId }: Subject, route: string): Aim[] {
    const memberID = memberIdOf.get(userId ?? '')
    if (!userId || !routes[route]!.includes('or oneself') || (route.includes('memberID') && !memberID)) return []
    return [{ name: 'themself', place: 'own', isSelf: true, params: { userId, ...(memberID && { memberID }) } }]
  }

  /** Targets of others: another organization or project, or another person's own. */
  function foreignTo(route: string): Params {
    const { sessionId, identityId, passkeyId, noticeId } = guests['newcomer']!
    const personal: Params = route.includes('/personal-tokens/') ? { tokenId: guests['newcomer']!['tokenId']! } : {}
    const userId = route.startsWith('GET /orgs/{orgId}/members') ? cast.stranger.id : people['colleague']!.id
    const inOrganization = / \/orgs\/\{orgId\}\/members/.test(route) ? cast.stranger.id : userId
    return {
      ...foreign,
      ...personal,
      userId: inOrganization,
      sessionId: sessionId!,
      identityId: identityId!,
      passkeyId: passkeyId!,
      noticeId: noticeId!,
    }
  }

  // From here on, the lane's handlers use a connection on which everything can be rolled back.
  const held = await holdDatabase(process.env['DATABASE_URL']!)
  await replaceDatabase(held.db)
  return { ...lane, held, cast, people, subjects, examples, guests, bodies, aimsOf, theirs }
}

export type AccessStage = Awaited<ReturnType<typeof openStage>>

/** What each person has alone: a second session, an identity, a passkey, a notice and a personal token. */
async function ownAffairs({ world: { db, org } }: Cast, people: People): Promise<Record<string, Params>> {
  const affairs: Record<string, Params> = {}
  const [event, another] = await db
    .selectFrom('audit_events')
    .select('id')
    .where('org_id', '=', org.id)
    .orderBy('id')
    .limit(2)
    .execute()
  for (const [name, { id: user_id }] of Object.entries(people)) {
    const [sessionId, identityId, passkeyId] = [newId(), newId(), newId()]
    await insertSession(db, { id: sessionId, user_id, address: null, user_agent: null, hours: 1 })
    const identity = { id: identityId, user_id, issuer: 'https://login.example.test', subject: name, email: null }
    await db.transaction().execute((trx) => insertIdentity(trx, identity))
    const passkey = {
      id: passkeyId,
      user_id,
      credential_id: passkeyId,
      public_key: Buffer.from('key'),
      counter: 0,
      name: 'key',
      transports: [],
    }
    await db.insertInto('passkeys').values(passkey).execute()
    const noticeId = name === 'newcomer' ? another!.id : event!.id
    await db
      .insertInto('notices')
      .values({ id: noticeId, user_id, org_id: org.id, project_id: null, kind: 'owner-made' })
      .onConflict((on) => on.doNothing())
      .execute()
    await personalToken(db, { id: user_id }, org.id)
    const { id: tokenId } = await db
      .selectFrom('personal_tokens')
      .select('id')
      .where('user_id', '=', user_id)
      .where('org_id', '=', org.id)
      .orderBy('created_at', 'desc')
      .executeTakeFirstOrThrow()
    affairs[name] = { sessionId, identityId, passkeyId, noticeId, tokenId }
  }
  return affairs
}
