import { expect, test } from 'vitest'
import { z } from 'zod'
import { byteLimits } from './limits/limits.ts'
import { V1RegisterAgent, V1UpdateAgent } from './v1/agents.ts'
import { V1CreateCoreInstance } from './v1/core-instances.ts'
import { operations } from './operations.ts'
import { TransferLine } from './transfer/transfer.ts'
import { v1Operations } from './v1/operations.ts'
import { CreateCell } from './catalog/cells.ts'
import { CreateEntity, Entity, PushMetrics, UpdateEntity } from './data/entities.ts'
import { CreateEntityType } from './catalog/entity-types.ts'
import { CreateRelationshipType } from './catalog/relationship-types.ts'
import { CreateRelationship, UpdateRelationship } from './data/relationships.ts'
import { CreateSecret } from './catalog/secrets.ts'

/** Whether a pattern limits the length: no quantifier without an upper end, outside of classes and escapes. */
const isFinite = (pattern: RegExp) =>
  /^\^.*\$$/s.test(pattern.source) && !/[*+]|\{\d+,\}/.test(pattern.source.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/g, 'x'))

/** Formats whose length zod limits: a UUID, a time. */
const finiteFormats = new Set(['uuid', 'guid', 'datetime', 'date', 'time', 'ipv4', 'ipv6', 'cidrv4', 'cidrv6'])

type Check = { _zod: { def: { check: string; maximum?: number; pattern?: RegExp; format?: string } } }

/** The places where a shape accepts a value of any length, and what each is. */
function unbounded(shape: z.ZodType, path: string, seen = new Set<z.ZodType>()): string[] {
  if (byteLimits.has(shape) || seen.has(shape)) return []
  seen.add(shape)
  const inside = (inner: unknown, name = path) => unbounded(inner as z.ZodType, name, seen)
  const checks = ((shape._zod.def.checks ?? []) as Check[]).map((check) => check._zod.def)
  const hasMost = checks.some(({ check }) => check === 'max_length' || check === 'length_equals')
  if (
    shape instanceof z.ZodOptional ||
    shape instanceof z.ZodNullable ||
    shape instanceof z.ZodDefault ||
    shape instanceof z.ZodReadonly
  ) {
    const inner = shape.unwrap() as z.ZodType
    // Read-only fields may be sent back; they are ignored.
    return shape instanceof z.ZodOptional && inner instanceof z.ZodUnknown ? [] : inside(inner)
  }
  if (shape instanceof z.ZodPipe) {
    // A transform has no shape; either of two shapes may set the limit.
    const sides = [shape.in, shape.out].filter((side) => !(side instanceof z.ZodTransform))
    const found = sides.map((side) => inside(side))
    return found.some((one) => one.length === 0) ? [] : found[0]!
  }
  if (shape instanceof z.ZodString || shape instanceof z.ZodStringFormat) {
    const { format, pattern } = shape._zod.def as { format?: string; pattern?: RegExp }
    const patterns = [pattern, ...checks.map((check) => check.pattern)].filter((one) => one !== undefined)
    return hasMost || (format && finiteFormats.has(format)) || patterns.some(isFinite) ? [] : [`${path}: string`]
  }
  if (shape instanceof z.ZodArray) return [...(hasMost ? [] : [`${path}: array`]), ...inside(shape.element, `${path}[]`)]
  if (shape instanceof z.ZodRecord) {
    const most = (z.globalRegistry.get(shape) as { maxProperties?: number } | undefined)?.maxProperties
    return [
      ...(most === undefined ? [`${path}: record`] : []),
      ...inside(shape.keyType, `${path}{key}`),
      ...inside(shape.valueType, `${path}{}`),
    ]
  }
  if (shape instanceof z.ZodObject)
    return Object.entries(shape.shape as Record<string, z.ZodType>).flatMap(([name, field]) => inside(field, `${path}.${name}`))
  if (shape instanceof z.ZodUnion) return shape.options.flatMap((option) => inside(option))
  if (shape instanceof z.ZodLazy || shape instanceof z.ZodUnknown || shape instanceof z.ZodAny) return [`${path}: anything`]
  return []
}

/**
 * Properties have no count limit here: a type declares at most 200, and all together have a limit in bytes
 * (`domain/catalog/property-values.ts`).
 */
const judgedLater = /\.properties: record$/

const requests = [...operations, ...v1Operations].flatMap((operation) => [
  { where: `${operation.method} ${operation.path} query`, shape: operation.query },
  ...(operation.body ? [{ where: `${operation.method} ${operation.path} body`, shape: operation.body }] : []),
])
const documents = Object.entries({
  CreateCell,
  CreateEntity,
  CreateEntityType,
  CreateRelationshipType,
  CreateRelationship,
  CreateSecret,
})
const lines = TransferLine.options.map((shape) => [`a line of ${shape.shape.kind.value}`, shape] as const)

test('every field of a request, an apply document and an import line has a length limit', () => {
  expect(requests.length).toBeGreaterThan(200)
  const all = [...requests, ...[...documents, ...lines].map(([where, shape]) => ({ where, shape }))]
  const found = all.flatMap(({ where, shape }) => unbounded(shape, where))
  expect(found.filter((one) => !judgedLater.test(one))).toEqual([])
})

test('the walk finds fields without a limit', () => {
  const shape = z.object({
    text: z.string(),
    open: z.string().regex(/^[a-z]+$/),
    short: z.string().regex(/^[a-z]{1,9}$/),
    list: z.array(z.string().max(3)),
    map: z.record(z.string().max(3), z.json()),
    ignored: z.unknown().optional(),
  })
  expect(unbounded(shape, 'body')).toEqual([
    'body.text: string',
    'body.open: string',
    'body.list: array',
    'body.map: record',
    'body.map{}: anything',
  ])
})

const who = { entityType: 'site', name: 'a' }
const ends = { relationshipType: 'on', from: 'a', to: 'b' }
const holders = { CreateEntity, UpdateEntity, CreateRelationship, UpdateRelationship }

test.for(Object.entries(holders))('a property value has at most 64 KiB of JSON: %s', ([name, shape]) => {
  const given = name === 'CreateEntity' ? who : name === 'CreateRelationship' ? ends : {}
  const judged = (value: string) => shape.safeParse({ ...given, properties: { note: value } })
  // The quotes are two bytes.
  expect(judged('x'.repeat(64 * 1024 - 2)).success).toBe(true)
  for (const value of ['x'.repeat(64 * 1024 - 1), 'é'.repeat(32 * 1024), '"'.repeat(32 * 1024)]) {
    const [issue] = judged(value).error!.issues
    expect(issue).toMatchObject({ path: ['properties', 'note'], message: 'must be at most 64 KiB of JSON' })
  }
})

test('values stored before a limit can be read', () => {
  const stored = { properties: { note: 'x'.repeat(100_000) }, labels: { l: 'x'.repeat(100_000) } }
  expect(Entity.pick({ properties: true, labels: true }).parse(stored)).toEqual(stored)
})

test('a push names at most 100 metrics', () => {
  const push = (n: number) =>
    PushMetrics.safeParse({ metrics: Object.fromEntries(Array.from({ length: n }, (_, i) => [`m${i}`, i])) })
  expect(push(100).success).toBe(true)
  expect(push(101).error!.issues[0]).toMatchObject({ message: 'must have at most 100 metrics' })
})

test.for([
  ['rawConfig', 'é'.repeat(100_000)],
  ['flags', Array.from({ length: 40 }, () => 'x'.repeat(1000))],
  ['metadata', { a: ['é'.repeat(5000)] }],
  ['tags', Array.from({ length: 100 }, (_, i) => `${i}${'é'.repeat(97)}`)],
] as const)('v1 registrations have a limit in bytes: %s', ([field, value]) => {
  const agent = { name: 'a', machineID: 'm', type: 'fluentbit', version: '1.2.3', edition: 'community' }
  for (const [shape, given] of [
    [V1RegisterAgent, agent],
    [V1UpdateAgent, {}],
    [V1CreateCoreInstance, { name: 'a' }],
  ] as const) {
    if (!(field in shape.shape)) continue
    expect(shape.safeParse({ ...given }).success).toBe(true)
    expect(shape.safeParse({ ...given, [field]: value }).error!.issues[0]).toMatchObject({ path: [field] })
  }
})
