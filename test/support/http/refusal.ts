import { expect } from 'vitest'
import { z } from 'zod'
import type { Answer } from './client.ts'

/** What contract.md requires of every answer ≥ 400, written here a second time. */
const Refusal = z.strictObject({
  error: z.string().min(1),
  code: z.string().regex(/^[a-z]+(_[a-z]+)*$/),
  details: z.array(z.strictObject({ path: z.string(), message: z.string().min(1) })).optional(),
  methods: z.array(z.enum(['totp', 'passkey', 'recovery-code'])).optional(),
  requestId: z.uuid(),
})

/** `404 project_not_found`. Fails unless the answer has the form of every refusal and is not a server error. */
export function refusalOf({ status, headers, body, text }: Answer): string {
  expect(status, text).toBeGreaterThanOrEqual(400)
  expect(status, text).toBeLessThan(500)
  expect(headers.get('content-type'), text).toMatch(/^application\/json/)
  expect(Refusal.safeParse(body).error, text).toBeUndefined()
  expect(headers.get('x-request-id')).toBe(body.requestId)
  expect(headers.get('cache-control')).toBe('no-store')
  if (status === 401) expect(headers.get('www-authenticate')).toBe('Bearer')
  return `${status} ${body.code}`
}
