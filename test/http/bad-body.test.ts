import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Raw } from '../support/http/client.ts'
import { refusalOf } from '../support/http/refusal.ts'
import { wrongBodies } from '../support/http/wrong.ts'
import { type Wrongs, all, openWrongs } from '../support/http/wrongs.ts'

let on: Wrongs
beforeAll(async () => {
  on = await openWrongs()
})
afterAll(() => on.stop())

const withBody = all.filter(({ operation }) => operation.body)
const json = { 'content-type': 'application/json' }

describe('refuses a body of the wrong shape, and names the field', () => {
  /** An unknown environment has another code than an invalid name. */
  const codeOf = (path?: string) => (path === 'envName' ? /^400 (invalid_request|environment_not_found)$/ : '400 invalid_request')

  test.for(withBody)('$name', async ({ name, operation }) => {
    const wrong = wrongBodies(operation, on.alpha.examples[name]!)
    const unnamed: string[] = []
    const cases = wrong.map(({ why, text, path }) => ({
      why,
      expected: codeOf(path),
      async send() {
        const answer = await on.wrongly(name, { raw: text, headers: json })
        const fields = answer.body.details?.map((detail) => detail.path.split('.')[0])
        if (path && !fields?.includes(path)) unnamed.push(why)
        return answer
      },
    }))
    expect(await on.surprises(cases)).toEqual({})
    expect(unnamed).toEqual([])
  })
})

describe('refuses a body that is not a JSON document', () => {
  const big = (limit: number) => JSON.stringify({ surprise: 'x'.repeat(limit) })
  const type = (name: string) => ({ 'content-type': name })
  const notJson = '415 unsupported_media_type'
  const documents: {
    why: string
    raw: (limit: number) => Raw
    headers: Record<string, string>
    expected: string
    bySession?: string
  }[] = [
    // A foreign page could send these two with the cookie, which is the graver error.
    { why: 'text', raw: () => '{}', headers: type('text/plain'), expected: notJson, bySession: '403 cross_site' },
    {
      why: 'a form',
      raw: () => 'a=b',
      headers: type('application/x-www-form-urlencoded'),
      expected: notJson,
      bySession: '403 cross_site',
    },
    { why: 'of no type', raw: () => new Blob(['{}']), headers: {}, expected: notJson },
    { why: 'in latin1', raw: () => '{}', headers: type('application/json; charset=latin1'), expected: notJson },
    { why: 'not UTF-8', raw: () => Buffer.from([0x22, 0xff, 0x22]), headers: json, expected: '400 invalid_request' },
    { why: 'UTF-16', raw: () => Buffer.from('{"name":"x"}', 'utf16le'), headers: json, expected: '400 invalid_request' },
    { why: 'too large', raw: big, headers: json, expected: '413 body_too_large' },
    {
      why: 'too large, its length not said',
      raw: (limit) => new Blob([big(limit)]).stream(),
      headers: json,
      expected: '413 body_too_large',
    },
  ]

  test.for(withBody)('$name', async ({ name, operation }) => {
    const { as } = on.alpha.examples[name]!
    const cases = documents.map(({ why, raw, headers, expected, bySession = expected }) => ({
      why,
      expected: as !== null && typeof as === 'object' && operation.permission !== 'public' ? bySession : expected,
      send: () => on.wrongly(name, { raw: raw(operation.maxBody), headers }),
    }))
    const none = {
      why: 'none at all',
      expected: '400 invalid_request',
      send: () => on.wrongly(name, { json: undefined, headers: json }),
    }
    expect(await on.surprises(operation.bodyOptional ? cases : [...cases, none])).toEqual({})
  })
})

describe('refuses a value that only looks valid', () => {
  const project = 'PUT /orgs/{orgId}/projects/{projectId}'
  const member = 'PATCH /orgs/{orgId}/projects/{projectId}/members/{userId}'
  const scopes = 'PUT /orgs/{orgId}/projects/{projectId}/members/{userId}/cell-scopes'
  const create = 'POST /orgs/{orgId}/projects'
  const values = {
    [`${member} expiresAt`]: [
      '2027-02-30T00:00:00Z',
      '2027-01-01',
      '2027-01-01T00:00:00',
      '2027-01-01T24:00:00Z',
      '2027-01-01T00:00:60Z',
      '0000-01-01T00:00:00Z',
      '0001-01-01T00:00:00+14:00',
      '9999-12-31T23:59:59Z',
      '2027-01-01T00:00:00+23:59',
      '2027-01-01T00:00:00-16:00',
      'infinity',
      'now',
      '',
    ],
    [`${member} role`]: ['superuser', 'Owner'],
    [`${create} slug`]: [
      'A',
      '-a',
      'a-',
      'a_b',
      'a b',
      'é',
      '',
      'x'.repeat(49),
      '019aa000-0000-7000-8000-000000000000',
      'a/b',
      '..',
    ],
    [`${create} name`]: ['', '   ', 'a\tb', 'a\u0085b', 'x'.repeat(101)],
    [`${scopes} cellScopes`]: [[...Array(1001).keys()].map(String), ['eu', 'eu'], [''], ['x'.repeat(101)], [null], ['a\0']],
    [`${project} metadata`]: [{ long: 'x'.repeat(65_536) }, [], { deep: { deeper: 'a\0' } }, { half: '\udc00' }],
  }

  test.for(Object.entries(values))('%s', async ([where, wrong]) => {
    const [name, field] = [where.slice(0, where.lastIndexOf(' ')), where.slice(where.lastIndexOf(' ') + 1)]
    const { body } = on.alpha.examples[name]!
    const cases = wrong.map((value) => ({
      why: JSON.stringify(value).slice(0, 60),
      expected: '400 invalid_request',
      send: () => on.wrongly(name, { json: { ...body, [field]: value } }),
    }))
    expect(await on.surprises(cases)).toEqual({})
  })

  test.for(['1e400', '-1e400', 'NaN', '01', '0x10', '.5'])('the number %s', async (number) => {
    const answer = await on.wrongly(project, { raw: `{"metadata":{"n":${number}}}`, headers: json })
    expect(refusalOf(answer)).toBe('400 invalid_request')
  })
})
