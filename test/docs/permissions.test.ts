import { describe, expect, test } from 'vitest'
import type { Role } from '#contract/common'
import { OrganizationAction, ProjectAction } from '#contract/access/permissions'
import type { Grant } from '#domain/context'
import { organizationRefusal, refusal } from '#domain/access/permissions'
import { codeIn, section, tablesIn, textOf } from './markdown.ts'

const page = textOf('docs/permissions.md')
const roles = ['viewer', 'member', 'admin', 'owner'] as const satisfies Role[]

const grant = (role: Role): Grant => ({
  role,
  source: 'project',
  envId: null,
  cellScopes: null,
  verbs: [],
  expiresAt: null,
})
const inBrowser = { kind: 'user', via: 'session' } as const

/** For every action of a table, what its row says about each role. */
function documented(heading: string): Record<string, string[]> {
  const [{ header, rows } = expect.unreachable()] = tablesIn(section(page, heading))
  expect(header.slice(2)).toEqual(roles)
  return Object.fromEntries(rows.map(([action, , ...cells]) => [codeIn(action!), cells]))
}

const decided = <Action extends string>(actions: readonly Action[], isAllowed: (role: Role, action: Action) => boolean) =>
  Object.fromEntries(actions.map((action) => [action, roles.map((role) => (isAllowed(role, action) ? 'yes' : ''))]))

describe('docs/permissions.md', () => {
  test('states for every project action which roles can do it', () => {
    const allowed = decided(ProjectAction.options, (role, action) => refusal(grant(role), action) === undefined)
    expect(documented('Roles in a project')).toEqual(allowed)
  })

  test('states for every organization action which roles can do it', () => {
    const allowed = decided(
      OrganizationAction.options,
      (role, action) => organizationRefusal(inBrowser, role, action) === undefined,
    )
    expect(documented('Roles in an organization')).toEqual(allowed)
  })

  test('is right that limited access allows nothing that needs an admin', () => {
    const limited = { ...grant('owner'), cellScopes: [] }
    const refused = ProjectAction.options.filter((action) => refusal(limited, action) !== undefined)
    const forAdmins = ProjectAction.options.filter((action) => refusal(grant('member'), action) !== undefined)
    expect(refused).toEqual(forAdmins)
  })
})
