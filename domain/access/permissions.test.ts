import { describe, expect, test } from 'vitest'
import type { Role } from '#contract/common'
import { OrganizationAction, ProjectAction } from '#contract/access/permissions'
import type { Actor, Grant, OrgContext, ProjectContext, TokenActor, UserActor, Verb, Viewing } from '../context.ts'
import { DomainError } from '../errors.ts'
import {
  allowance,
  assertCan,
  assertCanInOrganization,
  assertMayGrant,
  assertMayGrantInOrganization,
  browserRefusal,
  effectiveGrant,
  isPermanentOwner,
  isProjectAction,
  mayGrant,
  membershipOf,
  organizationAllowance,
  organizationRefusal,
  refusal,
  verbRefusal,
  viewingRefusal,
} from './permissions.ts'

const roles = ['viewer', 'member', 'admin', 'owner'] as const
const grantOf = (role: Role, narrowed: Partial<Grant> = {}): Grant => ({
  role,
  source: 'project',
  envId: null,
  cellScopes: null,
  verbs: [],
  expiresAt: null,
  ...narrowed,
})
const session = { kind: 'user', via: 'session' } as UserActor
const personal = { kind: 'user', via: 'personal_token' } as UserActor
const machine = { kind: 'project_token' } as TokenActor
const contextOf = (grant: Grant, verb: Verb = 'read', actor: Actor = session) => ({ actor, grant, verb }) as ProjectContext

/** The error code that a check throws; undefined when it passes. */
function codeOf(check: () => void): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
}

/** design.md, section 4, written by hand: v viewer, m member, a admin, o owner. */
const table = {
  'project:read': 'v m a o',
  'catalog:read': 'v m a o',
  'data:read': 'v m a o',
  'data:write': '  m a o',
  'catalog:write': '    a o',
  'apply:write': '    a o',
  'secrets:read': '    a o',
  'secrets:write': '    a o',
  'secrets:set-value': '    a o',
  'tokens:manage': '    a o',
  'project:update': '    a o',
  'project:delete': '    a o',
  'members:manage': '    a o',
  'audit:read': '    a o',
  'project:protect': '      o',
  'wipes:purge': '      o',
  'owners:manage': '      o',
} as const satisfies Record<ProjectAction, string>

test('tells an action of a project from one of an organization', () => {
  expect(ProjectAction.options.filter(isProjectAction)).toEqual(ProjectAction.options)
  expect(OrganizationAction.options.filter(isProjectAction)).toEqual([])
})

const everyPair = ProjectAction.options.flatMap((action) => roles.map((role) => [role, action] as const))
const allows = (role: Role, action: ProjectAction) => table[action].includes(role.slice(0, 1))

describe('refusal', () => {
  test.for(everyPair)('%s, %s', ([role, action]) => {
    const why = refusal(grantOf(role), action)
    expect(why?.code).toBe(allows(role, action) ? undefined : 'forbidden')
    expect(why?.sentence ?? role).toContain(role)
  })

  const scopes = [{ envId: 'e' }, { cellScopes: ['a'] }, { cellScopes: [] }, { envId: 'e', cellScopes: ['a'] }] as const
  const administration = ProjectAction.options.filter((action) => !allows('member', action))
  test.for(scopes)('a scope of %o takes all administration from an owner, but leaves reading and writing data', (scope) => {
    const codes = Object.fromEntries(
      ProjectAction.options.map((action) => [action, refusal(grantOf('owner', { ...scope } as Partial<Grant>), action)?.code]),
    )
    const expected = Object.fromEntries(
      ProjectAction.options.map((action) => [action, administration.includes(action) ? 'scoped_actor' : undefined]),
    )
    expect(codes).toEqual(expected)
  })

  test('names the role that is needed and the role that the caller has', () => {
    const sentences = {
      'data:write': refusal(grantOf('viewer'), 'data:write')?.sentence,
      'catalog:write': refusal(grantOf('member'), 'catalog:write')?.sentence,
      'project:protect': refusal(grantOf('admin'), 'project:protect')?.sentence,
    }
    expect(sentences).toEqual({
      'data:write': 'Only a member, admin or owner of this project may change data, not a viewer',
      'catalog:write': 'Only an admin or owner of this project may change the catalog, not a member',
      'project:protect': 'Only an owner of this project may protect this project, not an admin',
    })
  })

  test.for([
    [{ source: 'project' }, 'project_role'],
    [{ source: 'organization' }, 'organization_role'],
    [{ source: 'token' }, 'token_role'],
  ] as const)('a refusal for %o rests on the %s rule, and so does an allowance', ([source, rule]) => {
    expect(refusal(grantOf('viewer', source), 'data:write')?.rule).toBe(rule)
    expect(allowance(grantOf('owner', source), 'data:write').rule).toBe(rule)
  })

  test.for([
    [{ envId: 'e' }, 'environment'],
    [{ cellScopes: ['a'] }, 'cells'],
    [{ envId: 'e', cellScopes: ['a'] }, 'environment'],
  ] as [Partial<Grant>, string][])('a refusal for access limited to %o rests on the %s rule', ([narrowed, rule]) => {
    expect(refusal(grantOf('owner', narrowed), 'catalog:write')?.rule).toBe(rule)
  })

  test('a scope allows nothing that the role does not allow', () => {
    expect(refusal(grantOf('viewer', { cellScopes: ['a'] }), 'data:write')?.code).toBe('forbidden')
    expect(refusal(grantOf('member', { cellScopes: ['a'] }), 'tokens:manage')?.code).toBe('forbidden')
  })
})

describe('allowance', () => {
  test.for([
    ['data:read', 'Everyone with access to this project may read data'],
    ['data:write', 'A member, admin or owner of this project may change data'],
    ['catalog:write', 'An admin or owner of this project may change the catalog'],
    ['project:protect', 'An owner of this project may protect this project'],
  ] as const)('%s: %s', ([action, sentence]) => {
    expect(allowance(grantOf('owner'), action).sentence).toBe(sentence)
  })
})

describe('viewingRefusal', () => {
  const viewing = { project: { id: 'p', name: 'Atlas' }, person: { name: 'Ada' } } as Viewing
  test('lets a session that views a project as another person read there and do nothing else', () => {
    expect(viewingRefusal(viewing, 'read', 'p')).toBeUndefined()
    for (const [verb, project] of [
      ['create', 'p'],
      ['update', 'p'],
      ['delete', 'p'],
      ['read', 'q'],
      ['read', null],
      ['create', 'q'],
    ] as const)
      expect(viewingRefusal(viewing, verb, project)).toEqual({
        code: 'viewing_as',
        rule: 'viewing_as',
        sentence: 'You are viewing Atlas as Ada, read-only. Stop viewing to do anything else',
      })
  })

  test('applies to no other session', () => {
    for (const verb of ['read', 'create', 'update', 'delete'] as const)
      for (const project of ['p', null]) expect(viewingRefusal(undefined, verb, project)).toBeUndefined()
  })
})

describe('membershipOf', () => {
  const row = {
    role: 'admin',
    env_id: 'e',
    cell_scopes: ['a'],
    verbs: ['read:*'],
    expires_at: '2099-01-01T00:00:00.000000Z',
  } as const
  test('returns undefined without a role', () => {
    expect(membershipOf(undefined)).toBeUndefined()
    expect(membershipOf({ role: null, env_id: null, cell_scopes: null, verbs: null, expires_at: null })).toBeUndefined()
  })

  test('returns the row as a grant, where no verbs means all verbs', () => {
    const membership = { role: 'admin', envId: 'e', cellScopes: ['a'], verbs: ['read:*'], expiresAt: row.expires_at }
    expect(membershipOf({ ...row, cell_scopes: ['a'], verbs: ['read:*'] })).toEqual(membership)
    expect(membershipOf({ ...row, cell_scopes: ['a'], verbs: null })).toEqual({ ...membership, verbs: [] })
  })
})

describe('verbs', () => {
  test.for(['create', 'read', 'update', 'delete'] as const)('refuses %s to a grant that has only the other verbs', (verb) => {
    const others = (['create:*', 'read:*', 'update:*', 'delete:*'] as const).filter((grant) => !grant.startsWith(verb))
    expect(verbRefusal(grantOf('owner', { verbs: [] }), verb)).toBeUndefined()
    expect(verbRefusal(grantOf('owner', { verbs: [`${verb}:*`] }), verb)).toBeUndefined()
    expect(verbRefusal(grantOf('owner', { verbs: others }), verb)?.code).toBe('verb_not_granted')
  })

  test('limit what the role allows and never add to it', () => {
    expect(codeOf(() => assertCan(contextOf(grantOf('member', { verbs: ['read:*'] }), 'create'), 'data:write'))).toBe(
      'verb_not_granted',
    )
    expect(codeOf(() => assertCan(contextOf(grantOf('viewer', { verbs: ['create:*'] }), 'create'), 'data:write'))).toBe(
      'forbidden',
    )
    expect(codeOf(() => assertCan(contextOf(grantOf('member', { verbs: ['create:*'] }), 'create'), 'data:write'))).toBeUndefined()
  })
})

describe('browserRefusal', () => {
  const actions = [...ProjectAction.options, ...OrganizationAction.options]

  test('keeps every purge and the personal tokens for a browser, and nothing else', () => {
    const refused = actions.filter((action) => browserRefusal(false, action))
    expect(refused).toEqual(['wipes:purge', 'projects:purge', 'personal-tokens:manage'])
    expect(actions.filter((action) => browserRefusal(true, action))).toEqual([])
    expect(browserRefusal(false, 'wipes:purge')).toEqual({
      code: 'forbidden',
      sentence: 'What a nuke removed can be purged only in a browser session. Sign in to the console',
      rule: 'credential',
    })
  })

  test.for([
    ['a session', session, undefined],
    ['a personal token', personal, 'forbidden'],
    ['a JWT', { ...personal, via: 'jwt' }, 'forbidden'],
    ['a project token', machine, 'forbidden'],
  ] as [string, Actor, string | undefined][])('an owner’s purge by %s', ([, actor, code]) => {
    expect(codeOf(() => assertCan(contextOf(grantOf('owner'), 'delete', actor), 'wipes:purge'))).toBe(code)
    expect(codeOf(() => assertCan(contextOf(grantOf('owner'), 'delete', actor), 'project:delete'))).toBeUndefined()
  })

  test('comes after the role and the verbs, which no browser would mend', () => {
    const why = (grant: Grant) => () => assertCan(contextOf(grant, 'delete', machine), 'wipes:purge')
    expect(why(grantOf('admin'))).toThrow('Only an owner of this project may purge what a nuke removed, not an admin')
    expect(codeOf(why(grantOf('owner', { verbs: ['read:*'] })))).toBe('verb_not_granted')
  })
})

describe('isPermanentOwner', () => {
  test('is true for an owner without scopes, limited verbs or an expiry', () => {
    expect(isPermanentOwner(grantOf('owner'))).toBe(true)
    const lesser = [
      grantOf('admin'),
      ...[{ envId: 'e' }, { cellScopes: [] }, { verbs: ['read:*'] }, { expiresAt: '2099-01-01T00:00:00.000000Z' }].map(
        (narrowed) => grantOf('owner', narrowed as Partial<Grant>),
      ),
    ]
    expect(lesser.filter(isPermanentOwner)).toEqual([])
  })
})

describe('effectiveGrant', () => {
  const { source: _, ...scopedOwner } = grantOf('owner', { cellScopes: ['a'] })
  const { source: __, ...plainViewer } = grantOf('viewer')

  test('gives only owners and admins of the organization access without a membership', () => {
    expect(roles.map((role) => effectiveGrant(role, undefined)?.role)).toEqual([undefined, undefined, 'admin', 'owner'])
    expect(effectiveGrant('admin', undefined)).toEqual(grantOf('admin', { source: 'organization' }))
    expect(effectiveGrant(null, undefined)).toBeUndefined()
  })

  test('gives members and viewers of the organization their membership unchanged', () => {
    for (const orgRole of [null, 'viewer', 'member'] as const)
      expect(effectiveGrant(orgRole, scopedOwner)).toEqual(grantOf('owner', { cellScopes: ['a'] }))
  })

  test.for(roles.flatMap((own) => (['admin', 'owner'] as const).map((orgRole) => [own, orgRole] as const)))(
    'a membership as %s and the organization role %s give the higher of the two',
    ([own, orgRole]) => {
      const { source: ___, ...membership } = grantOf(own)
      const isHigher = roles.indexOf(own) >= roles.indexOf(orgRole)
      expect(effectiveGrant(orgRole, membership)).toEqual(isHigher ? grantOf(own) : grantOf(orgRole, { source: 'organization' }))
    },
  )

  test.for([{ envId: 'e' }, { cellScopes: [] }, { verbs: ['read:*'] }] as Partial<Grant>[])(
    'a membership limited by %o takes nothing from an admin of the organization',
    (narrowed) => {
      expect(effectiveGrant('admin', { ...scopedOwner, cellScopes: null, ...narrowed })).toEqual(
        grantOf('admin', { source: 'organization' }),
      )
    },
  )

  test('an expiring membership counts while it is higher, and never hides a lasting role', () => {
    const expiresAt = '2099-01-01T00:00:00.000000Z'
    expect(effectiveGrant('admin', { ...plainViewer, role: 'owner', expiresAt })).toEqual(grantOf('owner', { expiresAt }))
    expect(effectiveGrant('admin', { ...plainViewer, role: 'admin', expiresAt })).toEqual(
      grantOf('admin', { source: 'organization' }),
    )
  })
})

describe('assertMayGrant', () => {
  test.for(roles.flatMap((granter) => roles.map((given) => [granter, given] as const)))('%s grants %s', ([granter, given]) => {
    const code = codeOf(() => assertMayGrant(contextOf(grantOf(granter)), { role: given }))
    expect(code).toBe(roles.indexOf(granter) >= roles.indexOf(given) ? undefined : 'forbidden')
  })

  const until = (expiresAt: string | null) => () =>
    assertMayGrant(contextOf(grantOf('admin', { expiresAt: '2030-01-01T00:00:00.000000Z' })), { role: 'viewer', expiresAt })
  test('refuses a grant that outlasts the grantor’s own access', () => {
    expect(codeOf(until(null))).toBe('forbidden')
    expect(codeOf(until('2030-01-01T00:00:00.001Z'))).toBe('forbidden')
    expect(codeOf(until('2030-01-01T01:00:00+00:00'))).toBe('forbidden')
    expect(codeOf(until('2030-01-01T00:00:00Z'))).toBeUndefined()
    expect(codeOf(until('2030-01-01T01:00:00+02:00'))).toBeUndefined()
  })

  test.for([
    [[], [], true],
    [[], ['read:*'], true],
    [['read:*', 'create:*'], [], false],
    [['read:*', 'create:*'], ['read:*'], true],
    [['read:*', 'create:*'], ['read:*', 'create:*'], true],
    [['read:*', 'create:*'], ['update:*'], false],
    [['read:*', 'create:*'], ['read:*', 'delete:*'], false],
  ] as [Grant['verbs'], Grant['verbs'], boolean][])('a grantor with the verbs %o gives %o: %s', ([own, verbs, may]) => {
    expect(mayGrant(grantOf('owner', { verbs: own }), { role: 'viewer', verbs })).toBe(may)
    const code = codeOf(() => assertMayGrant(contextOf(grantOf('owner', { verbs: own })), { role: 'viewer', verbs }))
    expect(code).toBe(may ? undefined : 'forbidden')
  })
})

describe('assertMayGrantInOrganization', () => {
  const granting = (own: Role | null, role: Role) => () =>
    assertMayGrantInOrganization({ org: { role: own } } as OrgContext, role)
  test.for(roles.flatMap((own) => roles.map((given) => [own, given] as const)))('%s grants %s', ([own, given]) => {
    expect(codeOf(granting(own, given))).toBe(roles.indexOf(own) >= roles.indexOf(given) ? undefined : 'forbidden')
  })

  test('a caller without a role grants nothing, and the refusal says so', () => {
    expect(roles.map((role) => codeOf(granting(null, role)))).toEqual(roles.map(() => 'forbidden'))
    expect(granting(null, 'viewer')).toThrow('You can’t grant the role viewer: your own role in the organization is none')
    expect(granting('member', 'admin')).toThrow('You can’t grant the role admin: your own role in the organization is member')
  })
})

describe('organizationRefusal', () => {
  const organizationTable = {
    'organization:read': 'v m a o',
    'organization:update': '    a o',
    'people:manage': '    a o',
    'organization-owners:manage': '      o',
    'invitations:manage': '    a o',
    'projects:list': 'v m a o',
    'projects:create': '    a o',
    'projects:restore': '    a o',
    'projects:purge': '      o',
    'organization-audit:read': '    a o',
    'personal-tokens:manage': 'v m a o',
    'webhooks:manage': '    a o',
  } as const satisfies Record<OrganizationAction, string>

  test.for(OrganizationAction.options.flatMap((action) => roles.map((role) => [role, action] as const)))(
    '%s, %s',
    ([role, action]) => {
      const may = organizationTable[action].includes(role.slice(0, 1))
      expect(organizationRefusal(session, role, action)?.code).toBe(may ? undefined : 'forbidden')
    },
  )

  test('lets a project token list its own project and nothing else', () => {
    expect(OrganizationAction.options.filter((action) => !organizationRefusal(machine, null, action))).toEqual(['projects:list'])
  })

  test('lets no token manage personal tokens or purge a project, and says so', () => {
    const refused = OrganizationAction.options.filter((action) => organizationRefusal(personal, 'owner', action))
    expect(refused).toEqual(['projects:purge', 'personal-tokens:manage'])
    expect(organizationRefusal(personal, 'owner', 'projects:purge')).toEqual({
      code: 'forbidden',
      sentence: 'Deleted projects can be purged only in a browser session. Sign in to the console',
      rule: 'credential',
    })
  })

  test('says which role or credential is needed', () => {
    const rename = 'organization:update'
    expect(organizationRefusal(machine, null, rename)).toMatchObject({
      sentence: 'A project token can’t change its settings. Use a personal token',
      rule: 'credential',
    })
    expect(organizationRefusal(session, 'member', rename)).toMatchObject({
      sentence: 'Only an owner or admin of the organization may change its settings',
      rule: 'organization_role',
    })
    expect(organizationRefusal(session, 'admin', 'organization-owners:manage')?.sentence).toBe(
      'Only an owner of the organization may make, change or remove one of its owners',
    )
    expect(organizationRefusal(session, null, rename)?.code).toBe('forbidden')
  })

  test.for([
    ['projects:list', 'Anyone in the organization may list projects'],
    ['organization:update', 'An owner or admin of the organization may change its settings'],
    ['organization-owners:manage', 'An owner of the organization may make, change or remove one of its owners'],
  ] as const)('allows %s: %s', ([action, sentence]) => {
    expect(organizationAllowance(action)).toEqual({ rule: 'organization_role', sentence })
  })

  test('refuses everything to a session that views as another person', () => {
    const viewing = { project: { id: 'p', name: 'Atlas' }, person: { name: 'Ada' } } as Viewing
    const refused = OrganizationAction.options.filter((action) => organizationRefusal({ ...session, viewing }, 'owner', action))
    expect(refused).toEqual(OrganizationAction.options.filter((action) => action !== 'projects:list'))
  })

  test('ignores the verbs of a user, which limit them in a project and not in the organization', () => {
    const context = { actor: session, org: { role: 'admin' }, verb: 'update' } as OrgContext
    expect(codeOf(() => assertCanInOrganization(context, 'organization:update'))).toBeUndefined()
    expect(
      codeOf(() => assertCanInOrganization({ ...context, org: { role: 'member' } } as OrgContext, 'organization:update')),
    ).toBe('forbidden')
  })

  test('applies a project token’s verbs', () => {
    const limited = { kind: 'project_token', grant: grantOf('owner', { verbs: ['create:*'] }) } as TokenActor
    const listing = (verb: Verb) => () =>
      assertCanInOrganization({ actor: limited, org: { role: null }, verb } as OrgContext, 'projects:list')
    expect(codeOf(listing('read'))).toBe('verb_not_granted')
    expect(codeOf(listing('create'))).toBeUndefined()
  })

  test('refuses token management to a token: personal tokens are managed from a session', () => {
    expect(organizationRefusal(personal, 'owner', 'personal-tokens:manage')?.code).toBe('forbidden')
    expect(organizationRefusal(personal, 'owner', 'projects:create')).toBeUndefined()
  })
})
