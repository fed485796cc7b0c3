import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { applyOperations } from '#contract/apply/apply'
import { entityOperations } from '#contract/data/entities'
import type { Operation } from '#contract/operation'
import { v1TokenOperations } from '#contract/v1/tokens'
import type { V1Operation } from '#contract/v1/operation'
import { DomainError } from '#domain/errors'
import { projectRoot } from '#config/project-root'
import { keyOf, orgBody } from './org-body.ts'
import { type Parsed, type Pool, type PoolLimits, createPool } from './pool.ts'
import { v1Body } from './v1-body.ts'
import type { Format } from './value.ts'

const file = join(projectRoot, 'server', 'http', 'parsing', 'worker.ts')
const pools: Pool[] = []
afterAll(() => Promise.all(pools.map((pool) => pool.stop())))

function newPool(limits: Partial<PoolLimits> = {}): Pool {
  const pool = createPool(file, limits)
  pools.push(pool)
  return pool
}

const apply = applyOperations.apply as unknown as Operation
const parse = (pool: Pool, share: string, text: string, format: Format = 'json', operation = `org ${keyOf(apply)}`) =>
  pool.parse(share, () => Promise.resolve({ operation, format, bytes: Buffer.from(text) }))

/** An outcome as plain data, the same for both ways. */
async function here(parsing: () => unknown): Promise<Parsed> {
  try {
    return { value: await parsing() }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { code, message: sentence, details, problems } = error
    return { refusal: { code, sentence, details, problems } }
  }
}

const small = '{"items":[{"kind":"Secret","name":"a"}]}'
const smallRead = { value: { items: { items: { Secret: [{ name: 'a', index: 0 }] }, problems: [] }, dryRun: false } }
/** Four megabytes that take the parser many seconds. */
const bomb = 'kind: K\n---\n'.repeat(350_000)
/** Ten megabytes that become a hundred megabytes of values. */
const swollen = `{"items":[${'{"kind":{}},'.repeat(800_000)}0]}`

describe('another thread parses as this one does', () => {
  const pool = newPool()
  const document = fc.oneof(
    fc.jsonValue({ stringUnit: 'grapheme' }),
    fc.record(
      {
        kind: fc.constantFrom('Entity', 'Secret', 'Nothing'),
        name: fc.string({ maxLength: 120 }),
        entityType: fc.constantFrom('site', 'rack'),
        properties: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 })),
        metadata: fc.record({ name: fc.string() }),
      },
      { requiredKeys: [] },
    ),
  )
  const body = fc.oneof(
    fc.record({ items: fc.array(document, { maxLength: 30 }), dryRun: fc.boolean() }, { requiredKeys: ['items'] }),
    fc.jsonValue({ stringUnit: 'binary' }),
  )

  test('JSON for the Org API', async () => {
    await fc.assert(
      fc.asyncProperty(body, async (value) => {
        const text = JSON.stringify(value)
        for (const operation of [apply, entityOperations.create as unknown as Operation]) {
          const there = await parse(pool, 'a', text, 'json', `org ${keyOf(operation)}`)
          expect(there).toEqual(await here(() => orgBody(operation, Buffer.from(text), 'json')))
        }
      }),
    )
  })

  test('YAML for the Org API', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(document, { maxLength: 30 }), async (documents) => {
        const text = stringify(documents)
        expect(await parse(pool, 'a', text, 'yaml')).toEqual(await here(() => orgBody(apply, Buffer.from(text), 'yaml')))
      }),
    )
  })

  test('JSON for the v1 API', async () => {
    const operation = v1TokenOperations.create as unknown as V1Operation
    await fc.assert(
      fc.asyncProperty(fc.oneof(body, fc.record({ name: fc.string() })), async (value) => {
        const text = JSON.stringify(value)
        const there = await parse(pool, 'a', text, 'json', `v1 ${keyOf(operation)}`)
        expect(there).toEqual(await here(() => v1Body(operation, Buffer.from(text))))
      }),
    )
  })

  test('invalid text, and values of many pieces', async () => {
    for (const bytes of [Buffer.from([0x22, 0xff, 0x22]), Buffer.from('[1'), Buffer.from('﻿[]')]) {
      const there = await pool.parse('a', () => Promise.resolve({ operation: `org ${keyOf(apply)}`, format: 'json', bytes }))
      expect(there).toEqual(await here(() => orgBody(apply, bytes, 'json')))
    }
    const items = Array.from({ length: 20_000 }, (_, i) => ({
      kind: 'Entity',
      entityType: 'site',
      name: `s${i % 19_000}`,
      labels: { a: `é${i}` },
    }))
    const text = JSON.stringify({ items })
    const there = await parse(pool, 'a', text)
    expect(there).toEqual(await here(() => orgBody(apply, Buffer.from(text), 'json')))
    expect(there).toMatchObject({ value: { items: { items: { Entity: { length: 19_000 } }, problems: { length: 1000 } } } })
  })
})

describe('a thread', () => {
  test('that exceeds its memory is replaced, and the next body is parsed', async () => {
    const pool = newPool({ memory: 48 })
    expect(await parse(pool, 'a', swollen)).toEqual({ lost: 'memory' })
    expect(await parse(pool, 'a', small)).toMatchObject(smallRead)
  })

  test.for([
    ['work', { work: 1500 }],
    // Longer than a busy machine takes to start a thread.
    ['time', { clock: 4000 }],
  ] as const)('that exceeds its %s is replaced, and the next body is parsed', { timeout: 60_000 }, async ([, limits]) => {
    // Enough memory, so that time runs out first.
    const pool = newPool({ ...limits, memory: 4096 })
    expect(await parse(pool, 'a', small)).toMatchObject(smallRead)
    expect(await parse(pool, 'a', bomb, 'yaml')).toEqual({ lost: 'time' })
    expect(await parse(pool, 'a', small)).toMatchObject(smallRead)
  })

  test('that is asked for an unknown operation reports a bug, and the next body is parsed', async () => {
    const pool = newPool()
    await expect(parse(pool, 'a', small, 'json', 'org GET /nothing')).rejects.toThrow('there is no operation org GET /nothing')
    expect(await parse(pool, 'a', small)).toMatchObject(smallRead)
  })

  test('whose body cannot be loaded is free for the next', async () => {
    const pool = newPool({ places: 1 })
    await expect(pool.parse('a', () => Promise.reject(new Error('the file is gone')))).rejects.toThrow('the file is gone')
    expect(await parse(pool, 'a', small)).toMatchObject(smallRead)
  })

  test('starts when it is needed, and ends when it has been idle for a while', async () => {
    const pool = newPool({ idle: 1 })
    expect(pool.size()).toBe(0)
    expect(await parse(pool, 'a', small)).toMatchObject(smallRead)
    await expect.poll(() => pool.size()).toBe(0)
    expect(await parse(pool, 'a', small)).toMatchObject(smallRead)
  })

  test('at work when the pool stops returns its body unparsed', async () => {
    const pool = newPool()
    const begun = Promise.withResolvers<void>()
    const working = pool.parse('a', () => {
      begun.resolve()
      return Promise.resolve({ operation: `org ${keyOf(apply)}`, format: 'yaml', bytes: Buffer.from(bomb) })
    })
    await begun.promise
    const waiting = parse(pool, 'a', small)
    await new Promise((resolve) => void setImmediate(resolve))
    await pool.stop()
    expect(await working).toEqual({ lost: 'stopped' })
    expect(await waiting).toEqual({ busy: true })
  })
})

describe('a share', () => {
  test('has one thread at a time, and bodies of others go through in between', { timeout: 60_000 }, async () => {
    const pool = newPool({ patience: 60_000 })
    const done: string[] = []
    const text = JSON.stringify({ items: Array.from({ length: 30_000 }, (_, i) => ({ kind: 'Secret', name: `s${i}` })) })
    const theirs = Array.from({ length: 5 }, async (_, i) => {
      expect(await parse(pool, 'greedy', text)).toHaveProperty('value')
      done.push(`greedy ${i}`)
    })
    expect(await parse(pool, 'other', small)).toMatchObject(smallRead)
    done.push('other')
    await Promise.all(theirs)
    expect(done.indexOf('other')).toBeLessThan(3)
    expect(pool.size()).toBe(2)
  })

  test('that was served longest ago is served next', async () => {
    const pool = newPool({ places: 1 })
    const order: string[] = []
    const send = (share: string) => parse(pool, share, small).then(() => void order.push(share))
    await Promise.all(['a', 'a', 'a', 'a', 'b', 'b', 'c'].map(send))
    expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'a', 'a'])
  })

  test('waits a limited time, with a limited queue for one share and for all', async () => {
    const pool = newPool({ places: 1, patience: 50, waiting: 3, waitingOfShare: 2 })
    const held = Promise.withResolvers<never>()
    const holding = pool.parse('a', () => held.promise)
    const waiting = [parse(pool, 'a', small), parse(pool, 'a', small)]
    expect(await parse(pool, 'a', small)).toEqual({ busy: true })
    const others = [parse(pool, 'b', small)]
    expect(await parse(pool, 'c', small)).toEqual({ busy: true })
    expect(await Promise.all([...waiting, ...others])).toEqual(Array(3).fill({ busy: true }))
    held.reject(new Error('over'))
    await expect(holding).rejects.toThrow('over')
    expect(await parse(pool, 'c', small)).toMatchObject(smallRead)
  })
})
