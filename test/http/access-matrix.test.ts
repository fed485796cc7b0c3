import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Access } from '#contract/review/access'
import type { Role, VerbGrant } from '#contract/common'
import type { Operation } from '#contract/operation'
import { operations } from '#contract/operations'
import type { OrganizationAccess } from '#contract/organizations/organizations'
import { OrganizationAction, ProjectAction } from '#contract/access/permissions'
import type { UserActor } from '#domain/context'
import { verbOf } from '#domain/access/permissions'
import { type Cast, type Stage, createCast, personalToken } from '../support/world/cast.ts'
import type { Answer, Who } from '../support/http/client.ts'
import { type Example, examplesOf, nameOf, requestOf, sentBy } from '../support/http/examples.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { browser } from '../support/http/session.ts'

/** Compares what `access` says of each subject with how every operation answers them, for each role and each way to narrow it. */
const roles = ['viewer', 'member', 'admin', 'owner'] as const satisfies Role[]
const past = '2020-01-01T00:00:00Z'
const narrowings = {
  whole: {},
  'one environment': { envName: 'default' },
  'one cell': { cellScopes: ['eu'] },
  'an environment and a cell': { envName: 'default', cellScopes: ['eu'] },
  'create and read': { verbs: ['create:*', 'read:*'] },
  'update and delete': { verbs: ['update:*', 'delete:*'] },
  expired: { expiresAt: past },
} as const satisfies Record<string, Rights>
type Rights = { envName?: string; cellScopes?: readonly string[]; verbs?: readonly VerbGrant[]; expiresAt?: string }

/**
 * A person in a browser, a person with a token, or a project token. A manager asks `access` about them by the query `about`. A
 * manager cannot ask about the personal token of another person, so its holder does, for whom it is null.
 */
type Subject = { name: string; as: Who; about: string | null }

let lane: Lane
let cast: Cast
let stage: Stage
let examples: Record<string, Example>
const subjects: Subject[] = []
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  stage = await cast.project('alpha')
  examples = await examplesOf(lane.send, cast, stage)
  for (const role of roles) {
    for (const [narrowing, rights] of Object.entries<Rights>(narrowings)) {
      subjects.push(...(await memberWith(role, rights, `${role}, ${narrowing}`)))
      subjects.push(await tokenWith(role, rights, `${role} token, ${narrowing}`))
    }
    subjects.push(...(await both(await cast.world.person(role), `${role} of the organization`)))
  }
  const lower = await cast.world.person('admin')
  const ofLower = { userId: lower.id, role: 'viewer', cellScopes: ['eu'] }
  await lane.send(stage.tokens.owner, `POST /orgs/acme/projects/alpha/members`, { json: ofLower })
  subjects.push(...(await both(lower, 'admin of the organization who is a viewer of one cell')))
})
afterAll(() => lane.stop())

/** The same person in a browser and, unless nobody could ask about that, with a personal token. */
async function both(actor: UserActor, name: string): Promise<Subject[]> {
  const inBrowser = { name: `${name}, in a browser`, as: await browser(actor.credentialId), about: `userId=${actor.id}` }
  const token = await personalToken(lane.db, actor, cast.world.org.id)
  const { status } = await lane.send(token, `GET /orgs/acme/projects/${stage.id}/access`)
  return status === 200 ? [inBrowser, { name: `${name}, with a token`, as: token, about: null }] : [inBrowser]
}

async function memberWith(role: Role, { verbs, expiresAt, cellScopes, ...scope }: Rights, name: string): Promise<Subject[]> {
  const actor = await cast.world.member({ id: stage.id }, { role, ...scope, ...(cellScopes && { cellScopes: [...cellScopes] }) })
  await lane.db
    .updateTable('project_members')
    .set({ verbs: [...(verbs ?? [])], expires_at: expiresAt ?? null })
    .where('user_id', '=', actor.id)
    .execute()
  return both(actor, name)
}

async function tokenWith(role: Role, { verbs, expiresAt, cellScopes, ...scope }: Rights, name: string): Promise<Subject> {
  const made = await cast.world.token({ id: stage.id }, { role, ...scope, ...(cellScopes && { cellScopes: [...cellScopes] }) })
  await lane.db
    .updateTable('project_tokens')
    .set({ verbs: [...(verbs ?? [])], expires_at: expiresAt ?? null })
    .where('id', '=', made.actor.id)
    .execute()
  return { name, as: made.text, about: `tokenId=${made.actor.id}` }
}

const refusals = new Set([
  'unauthenticated',
  'forbidden',
  'scoped_actor',
  'verb_not_granted',
  'viewing_as',
  'organization_not_found',
  'project_not_found',
])

/** The code that refuses the caller; undefined when the request reaches the checks of its content. */
function refusalIn({ status, body }: Answer): string | undefined {
  // Limits on what one may grant are not part of `access`.
  const isAboutTheCall = body?.error?.startsWith('You can’t grant')
  return status >= 400 && refusals.has(body.code) && !isAboutTheCall ? body.code : undefined
}

/**
 * Destructive operations come last, members before parents and the project at the very end, so that every subject finds their
 * target.
 */
function order({ method, path }: Operation): number {
  if (method === 'GET') return 0
  if (path.endsWith('/members/{entityId}')) return method === 'PUT' ? 0.5 : 0.6
  if (path.endsWith('/apply') || path.endsWith('/relationship-types/{name}')) return method === 'POST' ? 2.5 : 1
  if (path.endsWith('{wipeId}/restore')) return 3
  if (path.endsWith('{wipeId}') && method === 'DELETE') return 3.5
  if (path.endsWith('/nuke')) return 4
  if (method === 'DELETE' && path.endsWith('/projects/{projectId}')) return 5
  return method === 'DELETE' ? 2 : 1
}

const inProjects = operations.filter(({ permission }) => ProjectAction.safeParse(permission).success)
// Favorites are of people alone, and among the projects that they see: `project-lists.test.ts` tries both.
const inOrganizations = operations.filter(
  ({ permission, path }) => OrganizationAction.safeParse(permission).success && !path.includes('/favorites/'),
)

/** Each subject sends the example of the operation as their own. */
async function answerTo(operation: Operation, { as }: Subject): Promise<Answer> {
  const name = nameOf(operation)
  const example = examples[name]!
  const params = { ...example.params, ...(name.endsWith('/import') && { p: stage.slug }) }
  const sent = name === 'PUT /orgs/{orgId}/projects/{projectId}/protection' ? { json: { protected: false } } : sentBy(example)
  const answer = await lane.send(as, requestOf(name, params), sent)
  if (order(operation) === 5 && answer.status === 200)
    await lane.send(cast.people.orgOwner.token, `POST /orgs/acme/projects/${stage.id}/restore`)
  if (name === viewAs && answer.status < 300) await lane.send(as, 'DELETE /me/view-as')
  return answer
}

const viewAs = 'POST /orgs/{orgId}/projects/{projectId}/view-as'
const isInBrowser = ({ as }: Subject) => typeof as === 'object'

type Surprise = { who: string; operation: string; expected: string; answered: string }

test.for([...inProjects].toSorted((a, b) => order(a) - order(b)).map((operation) => ({ name: nameOf(operation), operation })))(
  '$name refuses exactly the subjects that access names, with that code',
  async ({ name, operation }) => {
    const action = (operation.ofOthers ?? operation.permission) as ProjectAction
    const surprises: Surprise[] = []
    const statuses: number[] = []
    const ask = async (subject: Subject) => {
      const answer = await answerTo(operation, subject)
      statuses.push(answer.status)
      const { code, verbs } = (await explanationOf(subject)).can[action]
      const allowed = verbs.includes(verbOf[operation.method])
      // Nuke hides whether a project exists (seed); leaving checks the verb before the role.
      const hidden = operation.hideUnknown && code === 'project_not_found' ? 'forbidden' : code
      const expected: (string | null | undefined)[] = allowed
        ? [undefined]
        : operation.ofOthers
          ? [hidden, 'verb_not_granted']
          : [hidden]
      if (!expected.includes(refusalIn(answer)))
        surprises.push({ who: subject.name, operation: name, expected: String(expected), answered: answer.text.slice(0, 200) })
    }
    // One at a time where the project itself is deleted and restored.
    const atOnce = order(operation) === 5 ? 1 : 6
    // A token has no session that could view as another person, whatever its holder may do.
    const callers = name === viewAs ? subjects.filter(isInBrowser) : subjects
    for (let i = 0; i < callers.length; i += atOnce) await Promise.all(callers.slice(i, i + atOnce).map(ask))
    expect(surprises).toEqual([])
    // At least one call succeeds, so no other kind of refusal hides the permission check.
    expect(Math.min(...statuses) < 300 || name in unreachable).toBe(true)
  },
)

/** Why an example cannot succeed here. */
const unreachable: Record<string, string> = {
  'DELETE /orgs/{orgId}/projects/{projectId}/wipes/{wipeId}': 'the undo of the same nuke comes first',
  'POST /{o}/{p}/import': 'is for an empty project',
  'DELETE /orgs/{orgId}/projects/{projectId}/tokens/{tokenId}': 'the other URL of the same token comes first',
}

const explained = new Map<Subject, Promise<Access>>()
/** Asked once, before a later operation changes what the answer rests on. */
function explanationOf(subject: Subject): Promise<Access> {
  const { as, about } = subject
  const known = explained.get(subject) ?? (about === null ? accessBy(as) : accessBy(stage.tokens.owner, about))
  explained.set(subject, known)
  return known
}

async function accessBy(who: Who, about = ''): Promise<Access> {
  const answer = await lane.send<Access>(who, `GET /orgs/acme/projects/${stage.id}/access?${about}`)
  expect(answer).toMatchObject({ status: 200 })
  return answer.body
}

test('tells subjects about themselves what it tells a manager about them', async () => {
  for (const subject of subjects) {
    const explanation = await explanationOf(subject)
    if (!explanation.can['project:read'].verbs.includes('read')) continue
    const { tokenId: _, ...own } = await accessBy(subject.as)
    expect(explanation).toMatchObject(own)
  }
})

test('covers every rule of a project', async () => {
  const explanations = await Promise.all(subjects.map(explanationOf))
  const rules = new Set(explanations.flatMap(({ can }) => Object.values(can).map(({ rule }) => rule)))
  expect([...rules].toSorted()).toEqual(
    [
      'cells',
      'credential',
      'environment',
      'expired',
      'no_access',
      'organization_role',
      'project_role',
      'token_role',
      'verbs',
    ].toSorted(),
  )
})

describe('in the organization', () => {
  test.for(inOrganizations.map((operation) => ({ name: nameOf(operation), operation })))(
    '$name refuses exactly the subjects that their access names',
    async ({ name, operation }) => {
      const action = (operation.ofOthers ?? operation.permission) as OrganizationAction
      const surprises: Surprise[] = []
      for (const subject of subjects.filter((one) => / (of the organization|token, whole)/.test(one.name))) {
        const { body } = await lane.send<OrganizationAccess>(subject.as, 'GET /orgs/acme/access')
        const { code } = body.can[action]
        const answer = await answerTo(operation, subject)
        if (refusalIn(answer) !== (code ?? undefined))
          surprises.push({ who: subject.name, operation: name, expected: String(code), answered: answer.text.slice(0, 200) })
      }
      expect(surprises).toEqual([])
    },
  )
})
