import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Operation, operation } from './operation.ts'
import { operations } from './operations.ts'
import { v1Operations } from './v1/operations.ts'

const all: Operation[] = [...operations, ...v1Operations]
const nameOf = ({ method, path }: Pick<Operation, 'method' | 'path'>) => `${method} ${path}`

/** The names of all fields of an answer, at any depth. */
function fieldsOf({ returns }: Operation): string[] {
  const names = new Set<string>()
  const collect = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return
    for (const [key, part] of Object.entries(schema)) {
      if (key === 'properties') for (const name of Object.keys(part as object)) names.add(name)
      collect(part)
    }
  }
  collect(z.toJSONSchema(returns, { unrepresentable: 'any', io: 'output' }))
  return [...names]
}

/** Fields with a name like a secret's, and what they hold instead. */
const harmless: Record<string, string> = {
  maxTokenLifetimeDays: 'a number of days',
  projectTokens: 'a count',
  personalTokens: 'a count',
  tokens: 'a count, or tokens without their text',
  moreTokens: 'a count',
  tokensThatStay: 'a count',
  repoLinks: 'a count',
  tokenId: 'an id',
  tokenPrefix: 'the public beginning of a token',
  previousSecretUntil: 'a time',
  code: 'a code of an error',
  responseCode: 'a status',
}
const likeSecret = /token|secret|password|link|code|csrf|private|recovery|otp|credential/i

test('no answer that could hold a secret is compressed', () => {
  const found = all
    .filter(({ isCompressed }) => isCompressed)
    .flatMap((one) => fieldsOf(one).map((field) => ({ name: nameOf(one), field })))
    .filter(({ field }) => likeSecret.test(field) && !(field in harmless))
  expect(found).toEqual([])
})

test('what the test takes for a secret is in the answers that issue one', () => {
  const issuing = [
    'POST /{o}/{p}/tokens',
    'POST /me/totp',
    'POST /orgs/{orgId}/webhooks',
    'POST /v1/agents',
    'POST /v1/aggregators',
  ]
  for (const one of all.filter((each) => issuing.includes(nameOf(each))))
    expect(
      fieldsOf(one).some((field) => likeSecret.test(field) && !(field in harmless)),
      nameOf(one),
    ).toBe(true)
})

test('of changes, and of what needs no permission, only these are compressed', () => {
  const unusual = all.filter(
    ({ isCompressed, method, permission }) =>
      isCompressed && (method !== 'GET' || ['public', 'anybody', 'session'].includes(permission)),
  )
  expect(unusual.map(nameOf)).toEqual([
    'POST /{o}/{p}/envs/{envName}/apply',
    'POST /{o}/{p}/catalog-revisions/{revisionId}/apply',
    'GET /openapi.json',
    'GET /v1/openapi.json',
  ])
})

test('an operation that says nothing about it is compressed only when it reads with a permission', () => {
  const declared = { path: '/x', tag: 'x', summary: 'x', returns: z.object({}) } as const
  expect(operation({ ...declared, method: 'GET', permission: 'project:read' }).isCompressed).toBe(true)
  expect(operation({ ...declared, method: 'POST', permission: 'project:read' }).isCompressed).toBe(false)
  for (const permission of ['public', 'anybody', 'session'] as const)
    expect(operation({ ...declared, method: 'GET', permission }).isCompressed).toBe(false)
})
