import { expect, test } from 'vitest'
import { urlOf } from './call.ts'

const name = 'DELETE /orgs/{orgId}/projects/{projectId}/members/{userId}'

test('fills in what the parameters are, encoded', () => {
  expect(urlOf(name, { params: { orgId: 'acme', projectId: 'a/b', userId: '1' }, query: { q: 'x y', role: null } })).toBe(
    '/orgs/acme/projects/a%2Fb/members/1?q=x+y',
  )
})

test.for(['.', '..'])('a name of dots (%s) does not make another call of it', (userId) => {
  expect(() => urlOf(name, { params: { orgId: 'acme', projectId: 'alpha', userId } })).toThrow('no name in a path')
})

test('a first name that is missing does not make a host of the second', () => {
  expect(() => urlOf('DELETE /{o}/{p}/nuke', { params: { o: '', p: 'elsewhere.example' } })).toThrow('another host')
})
