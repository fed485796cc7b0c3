import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openApiDocument } from '#contract/openapi'
import { fileOf, newestRelease } from './released.ts'
import { breaks, surfaceOf } from './surface.ts'

/** Differences that are none for a client, each with its reason. */
const harmless: Record<string, string> = Object.fromEntries(
  ['', '/export'].flatMap((path) =>
    ['after', 'before'].map((field) => [
      `answers GET /{o}/{p}/audit-events${path} 200 ${path === '' ? '[]' : ''}.${field} null`,
      'may be any JSON, of which the document once named null alone',
    ]),
  ),
)

test('nothing that clients of the newest release rely on has changed', () => {
  const version = newestRelease()
  expect(existsSync(fileOf(version)), `node test/contract/released.ts writes what clients of ${version} rely on`).toBe(true)
  const released = new Set(readFileSync(fileOf(version), 'utf8').trim().split('\n'))
  expect(released.size).toBeGreaterThan(3000)
  expect(breaks(released, surfaceOf(openApiDocument))).toEqual(Object.keys(harmless).toSorted())
})

describe('a change', () => {
  const documentOf = (field: object, { required = ['name'], query = [] as object[], status = '201' } = {}) => {
    const Thing = { type: 'object', properties: { name: { type: 'string' }, ...field }, required }
    const content = { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } }
    const post = { parameters: query, requestBody: { required: true, content }, responses: { [status]: { content } } }
    return { paths: { '/things': { post } }, components: { schemas: { Thing } } } as unknown as Parameters<typeof surfaceOf>[0]
  }
  const size = { size: { type: ['integer', 'null'] } }
  const before = surfaceOf(documentOf(size))

  test.for([
    ['a new field', documentOf({ ...size, color: { type: 'string' } }), []],
    ['a new parameter', documentOf(size, { query: [{ in: 'query', name: 'q' }] }), []],
    [
      'a field that is gone',
      documentOf({}),
      [
        'answers POST /things 201 .size integer|null',
        'takes POST /things body.size integer',
        'takes POST /things body.size null',
      ],
    ],
    [
      'a field of another type',
      documentOf({ size: { type: 'integer' } }),
      ['answers POST /things 201 .size integer|null', 'takes POST /things body.size null'],
    ],
    ['a field that must now be sent', documentOf(size, { required: ['name', 'size'] }), ['needs POST /things body.size']],
    [
      'a parameter that must now be sent',
      documentOf(size, { query: [{ in: 'query', name: 'q', required: true }] }),
      ['needs POST /things query q'],
    ],
    [
      'another status',
      documentOf(size, { status: '200' }),
      [
        'answers POST /things 201',
        'answers POST /things 201 .name string',
        'answers POST /things 201 .size integer|null',
        'answers POST /things 201 application/json',
      ],
    ],
  ] as const)('%s is reported if it breaks clients', ([, document, broken]) => {
    expect(breaks(before, surfaceOf(document))).toEqual(broken)
  })

  test('an operation that is gone is reported, and a new one may need anything', () => {
    const none = surfaceOf({ paths: {} })
    expect(breaks(before, none)).toContain('takes POST /things')
    expect(breaks(none, before)).toEqual([])
  })
})
