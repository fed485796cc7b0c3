import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import type { VerbGrant } from '#contract/common'
import { combinations, inWords, isWithin, later, type Rights, sooner } from '#test/support/world/rights'
import type { Grant } from '../context.ts'
import { intersectionOf } from './intersection.ts'

const verbs: VerbGrant[][] = [[], ['read:*'], ['create:*', 'read:*'], ['update:*']]
const all = combinations({
  verbs,
  ends: [null, sooner, later],
  scopes: [
    { envName: null, cellScopes: null },
    { envName: 'staging', cellScopes: ['eu'] },
    { envName: 'production', cellScopes: ['eu', 'us'] },
    { envName: 'staging', cellScopes: [] },
  ],
})

const grantOf = ({ envName, ...rights }: Rights): Grant => ({ ...rights, envId: envName, source: 'project' })
const rightsOf = ({ envId, role, cellScopes, verbs: some, expiresAt }: Grant): Rights => ({
  role,
  envName: envId,
  cellScopes,
  verbs: some,
  expiresAt,
})

test('an intersection is never more than either grant, in any order, and a grant with itself stays the same', () => {
  const wrong: string[] = []
  for (const a of all) {
    for (const b of all) {
      const both = intersectionOf(grantOf(a), grantOf(b))
      if (both && !(isWithin(rightsOf(both), a) && isWithin(rightsOf(both), b))) wrong.push(`${inWords(a)} & ${inWords(b)}`)
      if ((intersectionOf(grantOf(b), grantOf(a)) === undefined) !== (both === undefined))
        wrong.push(`${inWords(b)}: one way only`)
      if (a === b && !isDeepStrictEqual(both, grantOf(a))) wrong.push(`${inWords(a)} is not itself`)
    }
  }
  expect(wrong).toEqual([])
})

test('an intersection is undefined without a common environment or verb', () => {
  const whole = grantOf(all[0]!)
  expect(intersectionOf({ ...whole, envId: 'staging' }, { ...whole, envId: 'production' })).toBeUndefined()
  expect(intersectionOf({ ...whole, verbs: ['read:*'] }, { ...whole, verbs: ['update:*'] })).toBeUndefined()
  expect(intersectionOf({ ...whole, cellScopes: ['eu'] }, { ...whole, cellScopes: ['us'] })).toMatchObject({ cellScopes: [] })
})
