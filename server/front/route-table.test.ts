import { describe, expect, test } from 'vitest'
import { addRoute, findRoute, newRouteTable } from './route-table.ts'

function tableOf(...paths: string[]) {
  const table = newRouteTable<string>()
  for (const path of paths) addRoute(table, path, path)
  return table
}

describe('findRoute', () => {
  const table = tableOf('orgs', 'orgs/[orgId]', 'orgs/[orgId]/projects/[projectId]', '[o]/[p]/nuke', '[o]/[p]/nuke/preview')

  test.for([
    ['/orgs', 'orgs', {}],
    ['/orgs/acme', 'orgs/[orgId]', { orgId: 'acme' }],
    ['/orgs/acme/projects/a%2Fb', 'orgs/[orgId]/projects/[projectId]', { orgId: 'acme', projectId: 'a%2Fb' }],
    ['/acme/alpha/nuke', '[o]/[p]/nuke', { o: 'acme', p: 'alpha' }],
    ['/acme/alpha/nuke/preview', '[o]/[p]/nuke/preview', { o: 'acme', p: 'alpha' }],
    // A fixed segment that leads nowhere gives way to a parameter, and leaves no parameter of its own behind.
    ['/orgs/acme/nuke', '[o]/[p]/nuke', { o: 'orgs', p: 'acme' }],
  ] as const)('finds for %s: %s', ([path, value, params]) => {
    expect(findRoute(table, path)).toEqual({ value, params })
  })

  test.for([
    '/',
    '/nowhere',
    '/orgs/',
    '/orgs//projects/x',
    '/acme//nuke',
    '/acme/alpha',
    '/acme/alpha/nuke/',
    '/orgs/acme/projects',
  ])('finds nothing for %s', (path) => expect(findRoute(table, path)).toBeUndefined())

  test('accepts any parameter name', () => {
    const { params } = findRoute(tableOf('[constructor]/[toString]'), '/a/b')!
    expect(params).toEqual({ constructor: 'a', toString: 'b' })
  })
})

describe('addRoute refuses what Next refuses', () => {
  test('two parameter names for one place', () => {
    expect(() => tableOf('[o]/[p]/nuke', '[org]/[p]/tokens')).toThrow('[org]/[p]/tokens: this place is already called [o]')
  })

  test('two routes for one place', () => {
    expect(() => tableOf('orgs/[orgId]', 'orgs/[orgId]')).toThrow('orgs/[orgId] is served twice')
  })
})
