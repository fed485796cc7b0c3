import { expect } from 'vitest'
import type { Client, Who } from './client.ts'

/** The body of a call that must succeed. */
export async function done<Body>(send: Client, as: Who, request: string, json?: unknown): Promise<Body> {
  const answer = await send<Body>(as, request, { json })
  expect(answer.status, `${request}: ${answer.text}`).toBeLessThan(300)
  return answer.body
}
