import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Access } from '#contract/review/access'
import type { Role, VerbGrant } from '#contract/common'
import type { Operation } from '#contract/operation'
import { operations } from '#contract/operations'
import type { OrganizationAccess } from '#contract/organizations/organizations'
import { OrganizationAction, ProjectAction } from '#contract/access/permissions'
import { verbOf } from '#domain/access/permissions'
import { type Cast, type Stage, createCast, personalToken } from '../support/world/cast.ts'
import type { Answer } from '../support/http/client.ts'
import { type Example, examplesOf, nameOf, requestOf, sentBy } from '../support/http/examples.ts'
import { type Lane, startLane } from '../support/http/lane.ts'

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

/** A member or token, and the query by which a manager asks `access` about them. */
type Subject = { name: string; bearer: string; about: string }

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
      subjects.push(await memberWith(role, rights, `${role}, ${narrowing}`))
      subjects.push(await tokenWith(role, rights, `${role} token, ${narrowing}`))
    }
    subjects.push(await inOrganization(role, `${role} of the organization`))
  }
  const lower = await inOrganization('admin', 'admin of the organization who is a viewer of one cell')
  const ofLower = { userId: lower.about.split('=')[1]!, role: 'viewer', cellScopes: ['eu'] }
  await lane.send(stage.tokens.owner, `POST /orgs/acme/projects/alpha/members`, { json: ofLower })
  subjects.push(lower)
})
afterAll(() => lane.stop())

async function memberWith(role: Role, { verbs, expiresAt, cellScopes, ...scope }: Rights, name: string): Promise<Subject> {
  const actor = await cast.world.member({ id: stage.id }, { role, ...scope, ...(cellScopes && { cellScopes: [...cellScopes] }) })
  await lane.db
    .updateTable('project_members')
    .set({ verbs: [...(verbs ?? [])], expires_at: expiresAt ?? null })
    .where('user_id', '=', actor.id)
    .execute()
  return { name, bearer: await personalToken(lane.db, actor, cast.world.org.id), about: `userId=${actor.id}` }
}

async function tokenWith(role: Role, { verbs, expiresAt, cellScopes, ...scope }: Rights, name: string): Promise<Subject> {
  const made = await cast.world.token({ id: stage.id }, { role, ...scope, ...(cellScopes && { cellScopes: [...cellScopes] }) })
  await lane.db
    .updateTable('project_tokens')
    .set({ verbs: [...(verbs ?? [])], expires_at: expiresAt ?? null })
    .where('id', '=', made.actor.id)
    .execute()
  return { name, bearer: made.text, about: `tokenId=${made.actor.id}` }
}

async function inOrganization(role: Role, name: string): Promise<Subject> {
  const actor = await cast.world.person(role)
  return { name, bearer: await personalToken(lane.db, actor, cast.world.org.id), about: `userId=${actor.id}` }
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
  // Limits on what one may grant, or on how one is signed in, are not part of `access`.
  const isAboutTheCall = /^(You can’t grant|This works only in a browser session)/.test(body?.error ?? '')
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
  if (path.endsWith('/nuke')) return 4
  if (method === 'DELETE' && path.endsWith('/projects/{projectId}')) return 5
  return method === 'DELETE' ? 2 : 1
}

const inProjects = operations.filter(({ permission }) => ProjectAction.safeParse(permission).success)
const inOrganizations = operations.filter(({ permission }) => OrganizationAction.safeParse(permission).success)

/** Each subject sends the example of the operation as their own. */
async function answerTo(operation: Operation, { bearer }: Subject): Promise<Answer> {
  const name = nameOf(operation)
  const example = examples[name]!
  const params = { ...example.params, ...(name.endsWith('/import') && { p: stage.slug }) }
  const sent = name === 'PUT /orgs/{orgId}/projects/{projectId}/protection' ? { json: { protected: false } } : sentBy(example)
  const answer = await lane.send(bearer, requestOf(name, params), sent)
  if (order(operation) === 5 && answer.status === 200)
    await lane.send(cast.people.orgOwner.token, `POST /orgs/acme/projects/${stage.id}/restore`)
  return answer
}

type Surprise = { who: string; operation: string; said: string; answered: string }

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
        surprises.push({ who: subject.name, operation: name, said: String(expected), answered: answer.text.slice(0, 200) })
    }
    // One at a time where the project itself is deleted and restored.
    const atOnce = order(operation) === 5 ? 1 : 6
    for (let i = 0; i < subjects.length; i += atOnce) await Promise.all(subjects.slice(i, i + atOnce).map(ask))
    expect(surprises).toEqual([])
    // At least one call succeeds, so no other kind of refusal hides the permission check.
    expect(Math.min(...statuses) < 300 || name in unreachable).toBe(true)
  },
)

/** Why an example cannot succeed here. */
const unreachable: Record<string, string> = {
  'POST /orgs/{orgId}/projects/{projectId}/view-as': 'is for a browser session',
  'DELETE /orgs/{orgId}/projects/{projectId}/wipes/{wipeId}': 'is for a browser session',
  'POST /{o}/{p}/import': 'is for an empty project',
  'DELETE /orgs/{orgId}/projects/{projectId}/tokens/{tokenId}': 'the other URL of the same token comes first',
}

const explained = new Map<string, Promise<Access>>()
/** Asked once, before a later operation changes what the answer rests on. */
function explanationOf({ about }: Subject): Promise<Access> {
  const known = explained.get(about) ?? accessBy(stage.tokens.owner, about)
  explained.set(about, known)
  return known
}

async function accessBy(bearer: string, about = ''): Promise<Access> {
  const answer = await lane.send<Access>(bearer, `GET /orgs/acme/projects/${stage.id}/access?${about}`)
  expect(answer).toMatchObject({ status: 200 })
  return answer.body
}

test('tells subjects about themselves what it tells a manager about them', async () => {
  for (const subject of subjects) {
    const told = await explanationOf(subject)
    if (!told.can['project:read'].verbs.includes('read')) continue
    const { tokenId: _, destroying, ...own } = await accessBy(subject.bearer)
    expect(told).toMatchObject(own)
    // A person is asked to confirm in the browser; here they come with a token.
    expect(told.destroying).toMatchObject({
      nuke: { allowed: destroying.nuke.allowed, rule: destroying.nuke.rule },
      delete: destroying.delete,
    })
  }
})

test('covers every rule of a project', async () => {
  const told = await Promise.all(subjects.map(explanationOf))
  const rules = new Set(told.flatMap(({ can }) => Object.values(can).map(({ rule }) => rule)))
  expect([...rules].toSorted()).toEqual(
    ['cells', 'environment', 'expired', 'no_access', 'organization_role', 'project_role', 'token_role', 'verbs'].toSorted(),
  )
})

describe('in the organization', () => {
  test.for(inOrganizations.map((operation) => ({ name: nameOf(operation), operation })))(
    '$name refuses exactly the subjects that their access names',
    async ({ name, operation }) => {
      const action = (operation.ofOthers ?? operation.permission) as OrganizationAction
      const surprises: Surprise[] = []
      for (const subject of subjects.filter((one) => / (of the organization|token, whole)/.test(one.name))) {
        const { body } = await lane.send<OrganizationAccess>(subject.bearer, 'GET /orgs/acme/access')
        const { code } = body.can[action]
        const answer = await answerTo(operation, subject)
        if (refusalIn(answer) !== (code ?? undefined))
          surprises.push({ who: subject.name, operation: name, said: String(code), answered: answer.text.slice(0, 200) })
      }
      expect(surprises).toEqual([])
    },
  )
})
