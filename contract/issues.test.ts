import { expect, test } from 'vitest'
import { z } from 'zod'
import { CreateEntity } from './data/entities.ts'
import { CreateRelationshipType } from './catalog/relationship-types.ts'
import { PageQuery } from './common.ts'
import { detailsOf, firstProblem } from './issues.ts'
import { MemberChange } from './members/changes.ts'
import { TransferLine } from './transfer/transfer.ts'

const problems = (shape: z.ZodType, value: unknown) => {
  const { error } = shape.safeParse(value)
  return error && detailsOf(error).map(({ path, message }) => `${path || 'it'} ${message}`)
}

test.each<[z.ZodType, unknown, string]>([
  [z.string(), undefined, 'is required'],
  [z.string(), 1, 'must be a string'],
  [z.string().min(1), '', 'is required'],
  [z.string().min(12), 'short', 'must be at least 12 characters'],
  [z.string().max(1), 'ab', 'must be at most 1 character'],
  [z.string().length(6), 'ab', 'must be exactly 6 characters'],
  [z.string().max(65_536), 'a'.repeat(70_000), 'must be at most 65,536 characters'],
  [z.coerce.number(), 'many', 'must be a number'],
  [z.int(), 1.5, 'must be a whole number'],
  [z.int(), 2 ** 60, 'must be at most 9,007,199,254,740,991'],
  [z.number().max(0.5), 1, 'must be at most 0.5'],
  [z.number().gt(0), 0, 'must be more than 0'],
  [z.number().multipleOf(5), 3, 'must be a multiple of 5'],
  [z.boolean(), 'yes', 'must be true or false'],
  [z.null(), 1, 'must be null'],
  [z.array(z.string()), {}, 'must be an array'],
  [z.array(z.string()).min(1), [], 'must have at least 1 item'],
  [z.array(z.string()).max(2), ['a', 'b', 'c'], 'must have at most 2 items'],
  [z.object({}), [], 'must be an object'],
  [z.record(z.string(), z.string()), 1, 'must be an object'],
  [z.enum(['asc', 'desc']), 'up', 'must be asc or desc'],
  [z.enum(['a', 'b', 'c']), undefined, 'must be one of a, b, c'],
  [z.literal(true), false, 'must be true'],
  [z.uuid(), 'nope', 'must be a UUID'],
  [z.url(), 'nope', 'must be a URL'],
  [z.email(), 'nope', 'must be an email address'],
  [z.iso.datetime(), 'noon', 'must be an RFC 3339 time such as 2027-01-31T00:00:00.000000Z'],
  [z.string().regex(/^x$/), 'y', 'has the wrong format'],
  [z.union([z.string(), z.number(), z.boolean()]), null, 'must be a string, a number or true or false'],
  [z.union([z.string().max(2), z.number()]), 'abc', 'must be at most 2 characters'],
  [z.json(), undefined, 'is required'],
  [z.string().refine(() => false), 'a', 'is not valid'],
  [z.string().refine(() => false, 'must be prime'), 'a', 'must be prime'],
])('states the rule of %# in plain words', (shape, value, rule) => {
  expect(problems(shape, value)).toEqual([`it ${rule}`])
})

test('names the field of each problem', () => {
  expect(problems(PageQuery, { limit: '500' })).toEqual(['limit must be at most 200'])
  expect(problems(PageQuery, { page: '2', size: '5' })).toEqual(['page is not a known field', 'size is not a known field'])
  expect(problems(MemberChange, { action: 'ban' })).toEqual(['action must be one of add, update, remove'])
  expect(problems(TransferLine, [])).toEqual(['it must be an object'])
})

test('names the place of a problem inside a list, a map and an alternative', () => {
  const entity = { entityType: 'node', name: 'a' }
  expect(problems(CreateEntity, { ...entity, properties: { cpu: null } })).toEqual([
    'properties.cpu must be a string, a number or true or false',
  ])
  expect(problems(CreateEntity, { ...entity, labels: { 'a/b': 'x' } })).toEqual([
    'labels.a/b is not a valid name: it must not contain control characters or slashes, or begin or end with a space',
  ])
  const type = {
    name: 't',
    from: 'a',
    to: 'b',
    states: ['up'],
    constraints: [{ type: 'property-sum', property: 'cpu', leq: 'x' }],
  }
  expect(problems(CreateRelationshipType, type)).toEqual([
    'constraints.0.leq must be a number or a reference such as {{ to.metrics.available-cpu }}',
  ])
})

test('puts the first problem into one sentence', () => {
  const sentence = (value: unknown) => {
    const { error } = PageQuery.safeParse(value)
    return error && firstProblem(error, 'The query')
  }
  expect(sentence({ limit: '0', cursor: 1 })).toBe('limit must be at least 1')
  expect(sentence('limit=1')).toBe('The query must be an object')
})
