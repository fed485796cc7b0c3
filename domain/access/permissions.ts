import type { AccessRule } from '#contract/review/access'
import type { Role, VerbGrant } from '#contract/common'
import type { Method } from '#contract/operation'
import type { Action, OrganizationAction, ProjectAction } from '#contract/access/permissions'
import type { Actor, Grant, OrgContext, ProjectContext, TokenActor, UserActor, Verb, Viewing } from '../context.ts'
import type { ErrorCode } from '#contract/errors'
import { DomainError, RoleTooLow } from '../errors.ts'

/** The lowest role that allows each action. */
const leastRole = {
  'project:read': 'viewer',
  'catalog:read': 'viewer',
  'data:read': 'viewer',
  'data:write': 'member',
  'catalog:write': 'admin',
  'apply:write': 'admin',
  'secrets:read': 'admin',
  'secrets:write': 'admin',
  'secrets:set-value': 'admin',
  'tokens:manage': 'admin',
  'project:update': 'admin',
  'project:delete': 'admin',
  'members:manage': 'admin',
  'audit:read': 'admin',
  'project:protect': 'owner',
  'wipes:purge': 'owner',
  'owners:manage': 'owner',
} as const satisfies Record<ProjectAction, Role>

const leastOrganizationRole = {
  'organization:read': 'viewer',
  'organization:update': 'admin',
  'people:manage': 'admin',
  'organization-owners:manage': 'owner',
  // An admin of a project only invites through the v1 API.
  'invitations:manage': 'admin',
  'projects:list': 'viewer',
  'projects:create': 'admin',
  'projects:restore': 'admin',
  'projects:purge': 'owner',
  'organization-audit:read': 'admin',
  'personal-tokens:manage': 'viewer',
  'webhooks:manage': 'admin',
} as const satisfies Record<OrganizationAction, Role>

/** Each action in words, for the sentence of a refusal. */
const inWords = {
  'project:read': 'see this project',
  'catalog:read': 'read the catalog',
  'data:read': 'read data',
  'data:write': 'change data',
  'catalog:write': 'change the catalog',
  'apply:write': 'apply, nuke or undo',
  'secrets:read': 'read secrets',
  'secrets:write': 'change secrets',
  'secrets:set-value': 'set the value of a secret',
  'tokens:manage': 'manage tokens',
  'project:update': 'change this project',
  'project:delete': 'delete this project',
  'members:manage': 'manage members',
  'audit:read': 'read the audit log',
  'project:protect': 'protect this project',
  'wipes:purge': 'purge what a nuke removed',
  'owners:manage': 'make, change or remove an owner',
  'organization:read': 'see its people',
  'organization:update': 'change its settings',
  'people:manage': 'change or remove its people',
  'organization-owners:manage': 'make, change or remove one of its owners',
  'invitations:manage': 'invite people to it and its projects',
  'projects:list': 'list projects',
  'projects:create': 'create a project',
  'projects:restore': 'restore a project',
  'projects:purge': 'purge a deleted project',
  'organization-audit:read': 'read its audit log',
  'personal-tokens:manage': 'manage personal tokens',
  'webhooks:manage': 'manage its webhooks',
} as const satisfies Record<Action, string>

/** The actions that no token may take, as the beginning of a sentence. */
const onlyInBrowser = {
  'wipes:purge': 'What a nuke removed can be purged',
  'personal-tokens:manage': 'Personal tokens can be managed',
  'projects:purge': 'Deleted projects can be purged',
} as const satisfies Partial<Record<Action, string>>

const rank = { viewer: 0, member: 1, admin: 2, owner: 3 } as const satisfies Record<Role, number>

export const isAtLeast = (role: Role, least: Role) => rank[role] >= rank[least]

/** Limited to an environment or to cells. A scoped actor reads and writes data and cannot administer anything. */
export const isScoped = (grant: Pick<Grant, 'envId' | 'cellScopes'>) => grant.envId !== null || grant.cellScopes !== null

/** An owner without scopes, limited verbs or an expiry. A project always keeps at least one. */
export const isPermanentOwner = (grant: Pick<Grant, 'role' | 'envId' | 'cellScopes' | 'verbs' | 'expiresAt'>) =>
  grant.role === 'owner' && !isScoped(grant) && grant.verbs.length === 0 && grant.expiresAt === null

export const isProjectAction = (action: string): action is ProjectAction => action in leastRole

/** `ground` is the sentence without the action, where it differs: what refusals for one reason share. */
export type Refusal = { code: ErrorCode; sentence: string; rule: AccessRule; ground?: string }

/** The rule that a role comes from. */
const roleRule = {
  project: 'project_role',
  organization: 'organization_role',
  token: 'token_role',
} as const satisfies Record<Grant['source'], AccessRule>

const whoMay = (least: Role) =>
  least === 'owner' ? 'an owner' : least === 'admin' ? 'an admin or owner' : 'a member, admin or owner'

/** The rule by which a grant allows an action. Only for a grant that `refusal` lets through. */
export const allowance = (grant: Grant, action: ProjectAction): { rule: AccessRule; sentence: string } => ({
  rule: roleRule[grant.source],
  sentence:
    leastRole[action] === 'viewer'
      ? `Everyone with access to this project may ${inWords[action]}`
      : `${capital(whoMay(leastRole[action]))} of this project may ${inWords[action]}`,
})

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1)

/** Why a grant does not allow an action; undefined when it does. */
export function refusal(grant: Grant, action: ProjectAction): Refusal | undefined {
  const least = leastRole[action]
  if (!isAtLeast(grant.role, least)) {
    return {
      code: 'forbidden',
      sentence: `Only ${whoMay(least)} of this project may ${inWords[action]}, not ${grant.role === 'admin' ? 'an' : 'a'} ${grant.role}`,
      rule: roleRule[grant.source],
      ground: `Only ${whoMay(least)} of this project may do this`,
    }
  }
  // What needs an admin is administration, and a scoped grant never administers.
  if (isAtLeast(least, 'admin') && isScoped(grant)) {
    return {
      code: 'scoped_actor',
      sentence: `Members and tokens that are limited to an environment or to cells can’t ${inWords[action]}`,
      rule: grant.envId === null ? 'cells' : 'environment',
      ground: 'Members and tokens that are limited to an environment or to cells can’t administer the project',
    }
  }
  return undefined
}

/** The verb that each HTTP method needs. */
export const verbOf = { GET: 'read', POST: 'create', PUT: 'update', PATCH: 'update', DELETE: 'delete' } as const satisfies Record<
  Method,
  Verb
>

/** Why an actor may not use a verb here; undefined when they may. An empty list of verbs means all. */
export function verbRefusal(grant: Grant, verb: Verb): Refusal | undefined {
  if (grant.verbs.length === 0 || grant.verbs.includes(`${verb}:*`)) return undefined
  return { code: 'verb_not_granted', sentence: `Your access to this project does not include ${verb}:*`, rule: 'verbs' }
}

/** Why a session that views a project as another person may only read there; undefined for every other session. */
export function viewingRefusal(viewing: Viewing | undefined, verb: Verb, projectId: string | null): Refusal | undefined {
  if (!viewing || (verb === 'read' && projectId === viewing.project.id)) return undefined
  const { project, person } = viewing
  const sentence = `You are viewing ${project.name} as ${person.name}, read-only. Stop viewing to do anything else`
  return { code: 'viewing_as', sentence, rule: 'viewing_as' }
}

export const isInBrowser = (actor: Actor): actor is UserActor & { via: 'session' } =>
  actor.kind === 'user' && actor.via === 'session'

/** Why an action is refused outside a browser; undefined in one, and for every other action. */
export function browserRefusal(inBrowser: boolean, action: Action): Refusal | undefined {
  if (inBrowser || !(action in onlyInBrowser)) return undefined
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked above
  const what = onlyInBrowser[action as keyof typeof onlyInBrowser]
  return { code: 'forbidden', sentence: `${what} only in a browser session. Sign in to the console`, rule: 'credential' }
}

/** Throws for every token: what follows takes a person who is there. */
export function assertInBrowser({ actor }: { actor: Actor }): void {
  if (!isInBrowser(actor)) throw new DomainError('forbidden', 'This works only in a browser session. Sign in to the console')
}

/** Throws unless the actor may take the action. The first line of every verb of the domain. */
export function assertCan(context: ProjectContext, action: ProjectAction): void {
  const { actor, grant, verb } = context
  const byRole = refusal(grant, action)
  if (byRole?.code === 'forbidden')
    throw new RoleTooLow(byRole.sentence, grant.source === 'project' && leastRole[action] === 'admin')
  const why = byRole ?? verbRefusal(grant, verb) ?? browserRefusal(isInBrowser(actor), action)
  if (why) throw new DomainError(why.code, why.sentence)
}

/** The parts of an actor that an organization's rules depend on. */
type Caller = Pick<TokenActor, 'kind'> | Pick<UserActor, 'kind' | 'via' | 'viewing'>

/** Why an actor may not act on an organization; undefined when they may. */
export function organizationRefusal(actor: Caller, role: Role | null, action: OrganizationAction): Refusal | undefined {
  if (action === 'projects:list') return undefined
  if (actor.kind === 'project_token') {
    const sentence = `A project token can’t ${inWords[action]}. Use a personal token`
    return { code: 'forbidden', sentence, rule: 'credential' }
  }
  const viewing = viewingRefusal(actor.viewing, 'read', null)
  if (viewing) return viewing
  const outside = browserRefusal(actor.via === 'session', action)
  if (outside) return outside
  const least = leastOrganizationRole[action]
  if (role && isAtLeast(role, least)) return undefined
  const who = least === 'owner' ? 'an owner' : 'an owner or admin'
  return {
    code: 'forbidden',
    sentence: `Only ${who} of the organization may ${inWords[action]}`,
    rule: 'organization_role',
    ground: `Only ${who} of the organization may do this`,
  }
}

/** The rule by which an organization allows an action. Only for a caller whom `organizationRefusal` lets through. */
export function organizationAllowance(action: OrganizationAction): { rule: AccessRule; sentence: string } {
  const least = leastOrganizationRole[action]
  const who = least === 'owner' ? 'An owner of' : least === 'admin' ? 'An owner or admin of' : 'Anyone in'
  return { rule: 'organization_role', sentence: `${who} the organization may ${inWords[action]}` }
}

export function assertCanInOrganization(context: OrgContext, action: OrganizationAction): void {
  const { actor, org, verb } = context
  const ofToken = actor.kind === 'project_token' ? verbRefusal(actor.grant, verb) : undefined
  const why = organizationRefusal(actor, org.role, action) ?? ofToken
  if (why) throw new DomainError(why.code, why.sentence)
}

/** Throws when the caller would grant a higher organization role than their own. */
export function assertMayGrantInOrganization({ org }: OrgContext, role: Role): void {
  if (org.role && isAtLeast(org.role, role)) return
  throw new DomainError(
    'forbidden',
    `You can’t grant the role ${role}: your own role in the organization is ${org.role ?? 'none'}`,
  )
}

type MembershipRow = {
  role: Role | null
  env_id: string | null
  cell_scopes: string[] | null
  verbs: string[] | null
  expires_at: string | null
}

/** A stored membership as a grant; undefined for a user who is not a member. */
export function membershipOf(row: MembershipRow | undefined): Omit<Grant, 'source'> | undefined {
  if (!row?.role) return undefined
  const verbs = (row.verbs ?? []) as VerbGrant[]
  return { role: row.role, envId: row.env_id, cellScopes: row.cell_scopes, verbs, expiresAt: row.expires_at }
}

/**
 * A user's access to a project. Owners and admins of the organization have at least that role in each of its projects, so a lower
 * or limited membership takes nothing from them.
 */
export function effectiveGrant(orgRole: Role | null, membership: Omit<Grant, 'source'> | undefined): Grant | undefined {
  const inherited: Grant | undefined =
    orgRole && isAtLeast(orgRole, 'admin')
      ? { role: orgRole, source: 'organization', envId: null, cellScopes: null, verbs: [], expiresAt: null }
      : undefined
  const own: Grant | undefined = membership && { ...membership, source: 'project' }
  if (!own || !inherited) return own ?? inherited
  const ownIsWhole = !isScoped(own) && own.verbs.length === 0
  return ownIsWhole && isAtLeast(own.role, inherited.role) && (own.expiresAt === null || own.role !== inherited.role)
    ? own
    : inherited
}

export type Given = { role: Role; expiresAt?: string | null; verbs?: readonly VerbGrant[] }

/** An empty list means all four verbs, so only an empty list includes an empty one. */
const holdsVerbs = (own: readonly VerbGrant[], given: readonly VerbGrant[]) =>
  own.length === 0 || (given.length > 0 && given.every((verb) => own.includes(verb)))

/**
 * Why a caller may not grant this; undefined when they may. Nobody grants a higher role, more verbs or a later expiry than their
 * own.
 */
export function grantRefusal(grant: Grant, { role, expiresAt = null, verbs = [] }: Given): string | undefined {
  if (!isAtLeast(grant.role, role)) return `You can’t grant the role ${role}: your own role in this project is ${grant.role}`
  if (!holdsVerbs(grant.verbs, verbs)) return `You can’t grant more verbs than your own: ${grant.verbs.join(', ')}`
  const isLonger = grant.expiresAt && (!expiresAt || Date.parse(expiresAt) > Date.parse(grant.expiresAt))
  return isLonger ? `You can’t grant access beyond ${grant.expiresAt}, when your own expires` : undefined
}

export const mayGrant = (grant: Grant, given: Given) => grantRefusal(grant, given) === undefined

export function assertMayGrant({ grant }: Pick<ProjectContext, 'grant'>, given: Given): void {
  const why = grantRefusal(grant, given)
  if (why) throw new DomainError('forbidden', why)
}
