import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { operations } from '#contract/operations'
import { requestOf } from '../support/http/examples.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { browser } from '../support/http/session.ts'
import { forgedCursors, wrongQueries } from '../support/http/wrong.ts'
import { type Wrongs, all, openWrongs } from '../support/http/wrongs.ts'

let on: Wrongs
beforeAll(async () => {
  on = await openWrongs()
})
afterAll(() => on.stop())

describe('a wrong query is refused', () => {
  test.for(all)('$name', async ({ name, operation }) => {
    const cases = wrongQueries(operation).map(({ why, text }) => ({
      why,
      expected: '400 invalid_request',
      send: () => on.wrongly(name, { after: text }),
    }))
    expect(await on.surprises(cases)).toEqual({})
  })

  test.for(all.filter(({ operation }) => operation.returns instanceof z.ZodArray))(
    '$name: a forged cursor causes no server error',
    async ({ name, operation }) => {
      const sorted = operation.query instanceof z.ZodObject && 'sort' in operation.query.shape
      for (const sort of sorted ? ['', '&sort=name', '&sort=-createdAt'] : ['']) {
        for (const cursor of forgedCursors) {
          const { status } = await on.wrongly(name, { after: `?cursor=${cursor}${sort}` })
          expect([200, 400], `${cursor}${sort}`).toContain(status)
        }
      }
    },
  )
})

describe('a wrong path finds nothing', () => {
  const undecodable = ['%FF', '%ED%A0%80', '%', '%zz']
  const nonsense = [
    '%00',
    'a%00b',
    '%2e%2e%2fx',
    'nowhere',
    'x'.repeat(3000),
    "';--",
    '%F0%9F%92%A5',
    '019aa000-0000-7000-8000-000000000000',
  ]
  const withParams = all.filter(({ operation }) => operation.path.includes('{'))
  const paramsOf = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map(([, param]) => param!)

  test.for(withParams)('$name', async ({ name, operation: { path, hideUnknown } }) => {
    const cases = paramsOf(path).flatMap((param) =>
      [...nonsense, ...undecodable].map((value) => ({
        why: `${param}=${value.slice(0, 40)}`,
        expected: hideUnknown && !undecodable.includes(value) ? '403 forbidden' : /^404 ((\w+_)?not_found|reset_link_invalid)$/,
        send: () => on.wrongly(name, { params: { [param]: value } }),
      })),
    )
    expect(await on.surprises(cases)).toEqual({})
  })

  const foreign = ['wipeId', 'tokenId', 'linkId', 'entityId']
  const withIds = withParams.filter(({ name }) => foreign.some((id) => name.includes(`{${id}}`)) && !name.includes('personal'))
  test.for(withIds)('$name: does not find what belongs to another project', async ({ name, operation }) => {
    const theirs = on.beta.examples[name]!.params
    const cases = paramsOf(operation.path)
      .filter((param) => foreign.includes(param))
      .map((param) => ({
        why: param,
        expected: /^404 \w+_not_found$/,
        send: () => on.wrongly(name, { params: { [param]: theirs[param]! } }),
      }))
    expect(cases).toHaveLength(1)
    expect(await on.surprises(cases)).toEqual({})
  })

  test('does not find the personal token of another person', async () => {
    const as = await browser(on.cast.people.orgAdmin.credentialId)
    const name = 'DELETE /orgs/{orgId}/personal-tokens/{tokenId}'
    expect(await on.surprises([{ why: 'token', expected: '404 token_not_found', send: () => on.wrongly(name, { as }) }])).toEqual(
      {},
    )
  })

  test.for(['GET', 'PATCH', 'DELETE'])(
    'does not find, for %s, a person of the organization who is not a member',
    async (method) => {
      const name = `${method} /orgs/{orgId}/projects/{projectId}/members/{userId}`
      const send = () => on.wrongly(name, { params: { userId: on.cast.people.newcomer.id } })
      expect(await on.surprises([{ why: 'member', expected: '404 member_not_found', send }])).toEqual({})
    },
  )
})

describe('unknown paths and methods', () => {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
  const byPath = Object.entries(Object.groupBy(operations, ({ path }) => path))
  const paths = byPath.map(([path, at]) => ({ path, takes: at!.map(({ method }) => method as string) }))

  test.for(paths)('$path accepts only its methods', async ({ path, takes }) => {
    const allow = [...takes, ...(takes.includes('GET') ? ['HEAD'] : []), 'OPTIONS']
    const { as, params } = on.alpha.examples[`${takes[0]} ${path}`]!
    for (const method of [...methods.filter((one) => !takes.includes(one)), 'PROPFIND']) {
      const answer = await on.send(as, requestOf(`${method} ${path}`, params))
      // Clients of the v1 API read its form of a refusal, which has no code.
      const v1Sentence = `${method} is not allowed for this URL. Use ${answer.headers.get('allow')}`
      const found = path.startsWith('/v1/') ? answer.body : refusalOf(answer)
      expect(found).toEqual(path.startsWith('/v1/') ? { error: v1Sentence } : '405 method_not_allowed')
      expect(answer.status).toBe(405)
      expect(answer.headers.get('allow')!.split(', ').toSorted(), method).toEqual(allow.toSorted())
    }
  })

  test.for([
    '/nowhere',
    '/orgs/',
    '/orgs/acme/nothing',
    '/acme/alpha',
    '/acme/alpha/nuke/',
    '/acme/alpha/nuke/x',
    '/a/b/c/d/e/f/g',
    '/%',
    '/orgs//projects',
    '/.env',
    '/openapi.yaml',
  ])('%s is found for nobody', async (path) => {
    for (const method of methods) expect(refusalOf(await on.send(null, `${method} ${path}`))).toBe('404 not_found')
  })
})
