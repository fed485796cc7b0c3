import { describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { smallestPool, workersFor } from './workers.ts'

const read = (environment: Record<string, string>) => readConfig({ BULKHEAD_SECRET: 'x'.repeat(32), ...environment })

describe('WEB_CONCURRENCY', () => {
  test('is 1 unless it is set', () => {
    expect(read({}).workers).toBe(1)
    expect(read({ WEB_CONCURRENCY: '' }).workers).toBe(1)
    expect(read({ WEB_CONCURRENCY: '2' }).workers).toBe(2)
    expect(read({ WEB_CONCURRENCY: 'auto' }).workers).toBeGreaterThanOrEqual(1)
  })

  test.for(['0', '-1', '1.5', '65', '2x', 'AUTO', ' 2', '1e1'])('refuses %j', (text) => {
    expect(() => read({ WEB_CONCURRENCY: text })).toThrow(
      'The setting WEB_CONCURRENCY must be a whole number from 1 to 64, or auto.',
    )
  })

  test('needs a pool that can be divided', () => {
    expect(() => read({ WEB_CONCURRENCY: '4' })).toThrow(
      'WEB_CONCURRENCY=4 needs at least 36 connections to the database, and BULKHEAD_DATABASE_POOL is 24. Set it to 36, or WEB_CONCURRENCY to 2.',
    )
    expect(read({ WEB_CONCURRENCY: '4', BULKHEAD_DATABASE_POOL: '36' }).workers).toBe(4)
    expect(read({ WEB_CONCURRENCY: '1', BULKHEAD_DATABASE_POOL: '10' }).workers).toBe(1)
  })

  test('auto takes as many as there are processors, and as the pool has room for', () => {
    expect(workersFor('auto', 24, 1)).toBe(1)
    expect(workersFor('auto', 24, 2)).toBe(2)
    expect(workersFor('auto', 24, 16)).toBe(2)
    expect(workersFor('auto', 1000, 16)).toBe(16)
    expect(workersFor('auto', 10, 16)).toBe(1)
    for (const pool of [10, 19, 20, 28, 1000]) expect(smallestPool(workersFor('auto', pool, 64))).toBeLessThanOrEqual(pool)
  })
})
