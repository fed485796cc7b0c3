import { createEnvironment } from '#domain/projects/environments'
import { AddMember } from '#contract/members/members'
import { addMember } from '#domain/members/members'
import { createUser } from '#domain/accounts/users'
import { hashPassword } from '#domain/accounts/passwords'
import { insertSession } from '#db/queries/accounts/sessions'
import { newId } from '#domain/ids'
import { type Cast, type Stage, ownersPassword, personalToken } from '#test/support/world/cast'
import type { Client, Who } from '#test/support/http/client'
import { browser } from '#test/support/http/session'
import type { Column } from './classes.ts'

/** A caller with one kind of credential. */
export type Subject = {
  name: string
  column: Column
  as: Who
  /** The caller for the v1 API, where it differs. */
  asV1: Who
  isToken: boolean
  isSession: boolean
  isProven: boolean
  verbs: ('read:*' | 'create:*' | 'update:*' | 'delete:*')[]
  userId?: string
}

/** Roles in the project `alpha`, and earlier in the deleted one. */
const members = {
  viewer: { role: 'viewer' },
  member: { role: 'member' },
  admin: { role: 'admin' },
  owner: { role: 'owner' },
  former: { role: 'owner' },
  inDefault: { role: 'admin', envName: 'default' },
  inStaging: { role: 'admin', envName: 'staging' },
  inEu: { role: 'admin', cellScopes: ['eu'] },
  inUs: { role: 'admin', cellScopes: ['us'] },
  inNone: { role: 'admin', cellScopes: [] },
} as const
const past = '2020-01-01T00:00:00Z'

type Person = { id: string; credentialId: string; email: string }
export type People = Record<string, Person>

/** Creates one person per column that stands for a person. Nobody has a role next door. */
export async function peopleOf({ world, stranger }: Cast, projects: { id: string }[]): Promise<People> {
  const people: People = { outsider: stranger }
  people['colleague'] = await world.person('member', 'colleague')
  people['orgAdmin'] = await world.person('admin', 'organization-admin')
  people['orgOwner'] = await world.person('owner', 'organization-owner')
  for (const [name, rights] of Object.entries(members)) {
    const person = await world.person('member', `matrix-${name.toLowerCase()}`)
    people[name] = person
    for (const project of projects)
      await addMember(await world.inside(project), AddMember.parse({ userId: person.id, ...rights }))
  }
  const { db } = world
  for (const name of ['stranger', 'newcomer']) {
    const user = await createUser(db, { email: `${name}@nowhere.test`, name })
    const credentialId = newId()
    await insertSession(db, { id: credentialId, user_id: user.id, address: null, user_agent: null, hours: 24 })
    people[name] = { ...user, credentialId }
  }
  const ofFormer = db.updateTable('project_members').set({ expires_at: past }).where('user_id', '=', people['former']!.id)
  await ofFormer.execute()
  const ids = Object.values(people).map(({ id }) => id)
  await db
    .updateTable('users')
    .set({ password_hash: await hashPassword(ownersPassword) })
    .where('id', 'in', ids)
    .execute()
  // In the future, so that the sign-in stays fresh however long this takes.
  const authenticated_at = new Date(Date.now() + 86_400_000).toISOString()
  await db.updateTable('sessions').set({ authenticated_at, expires_at: authenticated_at }).where('user_id', 'in', ids).execute()
  return people
}

const known = { isToken: false, isSession: false, isProven: true, verbs: [] }

/** Every caller, with every kind of credential. */
export async function subjectsOf(
  send: Client,
  { world, elsewhere }: Cast,
  people: People,
  { alpha, beta, deleted }: Record<'alpha' | 'beta' | 'deleted', Stage>,
) {
  const { db } = world
  const subjects: Subject[] = [{ ...known, name: 'nobody', column: 'nobody', as: null, asV1: null, isProven: false }]
  for (const [name, person] of Object.entries(people)) {
    if (name === 'newcomer') continue
    const column = name as Column
    const as = await personalToken(db, person, null)
    // The v1 API treats a person without an organization as new only once.
    const asV1 = name === 'stranger' ? await personalToken(db, people['newcomer']!, null) : as
    const session = await browser(person.credentialId)
    subjects.push({ ...known, name, column, as, asV1, userId: person.id })
    subjects.push({
      ...known,
      name: `${name}, in a browser`,
      column,
      as: session,
      asV1: session,
      isSession: true,
      userId: person.id,
    })
  }
  const token = (name: string, column: Column, text: string, verbs: Subject['verbs'] = [], isProven = true) =>
    void subjects.push({ ...known, name, column, as: text, asV1: { 'x-project-token': text }, isToken: true, isProven, verbs })

  token('viewer token', 'tViewer', alpha.tokens.viewer)
  token('member token', 'tMember', alpha.tokens.member)
  token('admin token', 'tAdmin', alpha.tokens.admin)
  token('owner token', 'tOwner', alpha.tokens.owner)
  const limited: Subject['verbs'][] = [['read:*'], ['create:*', 'update:*'], ['delete:*']]
  for (const verbs of limited) {
    const { actor, text } = await world.token(alpha, { role: 'owner' })
    await db.updateTable('project_tokens').set({ verbs }).where('id', '=', actor.id).execute()
    token(`owner token, ${verbs.join(' and ')}`, 'tOwner', text, verbs)
  }
  token('token of the project next door', 'sibling', beta.tokens.owner)
  const theirs = await elsewhere.project('theirs')
  await createEnvironment(await elsewhere.inside(theirs), { name: 'staging' })
  token('token of another organization', 'elsewhere', (await elsewhere.token(theirs, { role: 'owner' })).text)

  const expired = await world.token(alpha, { role: 'owner' })
  await db.updateTable('project_tokens').set({ expires_at: past }).where('id', '=', expired.actor.id).execute()
  token('expired token', 'gone', expired.text, [], false)
  const revoked = await world.token(alpha, { role: 'owner' })
  await send(alpha.tokens.owner, `DELETE /acme/${alpha.slug}/tokens/${revoked.actor.id}`)
  token('revoked token', 'gone', revoked.text, [], false)
  const rotated = await world.token(alpha, { role: 'owner' })
  await send(alpha.tokens.owner, `POST /acme/${alpha.slug}/tokens/${rotated.actor.id}/rotate`)
  token('rotated token', 'gone', rotated.text, [], false)
  token('token of a deleted project', 'gone', deleted.tokens.owner, [], false)
  const ended = await personalToken(db, people['owner']!, null, past)
  token('expired personal token', 'gone', ended, [], false)
  return { subjects, theirs, revokedTokenId: revoked.actor.id }
}
