import { expect, test } from 'vitest'
import { requestOver } from '#test/support/http/request-over'
import { createMetrics } from './metrics.ts'
import { createSum } from './together.ts'

const over = { ...requestOver, operation: 'GET /orgs', status: 200, code: undefined, milliseconds: 7 }

/** A process that has answered so many requests. */
async function processOf(requests: number) {
  const metrics = createMetrics({ pool: () => undefined })
  for (let i = 0; i < requests; i++) metrics.observe(over)
  return metrics.values()
}

const valueIn = (text: string, name: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length),
  )
const requests = 'bulkhead_request_duration_seconds_count{operation="GET /orgs",status="2xx"}'

test('several processes are added up, and say once what runs', async () => {
  const text = await createSum().text([await processOf(2), await processOf(3)])
  expect(valueIn(text, requests)).toBe(5)
  expect(text.match(/^bulkhead_build_info\{.*\} 1$/gm)).toHaveLength(1)
  expect(valueIn(text, 'bulkhead_measured_success')).toBe(0)
})

test('the sum of what was counted never falls when a process ends', async () => {
  const sum = createSum()
  await sum.keep(await processOf(4))
  await sum.keep(await processOf(1))
  const text = await sum.text([await processOf(2)])
  expect(valueIn(text, requests)).toBe(7)
  expect(text.match(/^# TYPE bulkhead_request_duration_seconds histogram$/gm)).toHaveLength(1)
})

test('a gauge ends with its process', async () => {
  const one = createMetrics({ pool: () => undefined })
  one.measured({ jobs: [], oldestJob: 9, oldestUnsealed: 0, failingWebhooks: 0, organizations: 3, rows: [] })
  const sum = createSum()
  await sum.keep(await one.values())
  expect(valueIn(await sum.text([await processOf(0)]), 'bulkhead_organizations')).toBe(0)
})
