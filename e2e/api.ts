import { type APIRequestContext, type APIResponse, expect } from '@playwright/test'
import { password } from './people.ts'

const base = () => process.env['E2E_URL'] ?? ''

/** Signs in as the login page does, and leaves the cookie in the context. */
export async function signIn(request: APIRequestContext, email: string, url = base()): Promise<void> {
  const answer = await request.post(`${url}/session`, { data: { email, password } })
  expect(answer.ok(), `${email} can sign in`).toBe(true)
}

/** Creates a bearer token of the signed-in person. */
export async function createPersonalToken(request: APIRequestContext, org: string): Promise<string> {
  const url = base()
  const answer = await request.post(`${url}/orgs/${org}/personal-tokens`, { data: { name: 'e2e' }, headers: { origin: url } })
  return (await read<{ token: string }>(answer)).token
}

async function read<T>(answer: APIResponse): Promise<T> {
  if (!answer.ok()) throw new Error(`${answer.status()} ${answer.url()} ${await answer.text()}`)
  return answer.json()
}

/** The HTTP API with a token, to prepare what a test needs. A refused call fails the test. */
export const apiWith = (request: APIRequestContext, token: string) => {
  const headers = { authorization: `Bearer ${token}` }
  const send = async <T>(method: string, path: string, data?: unknown) =>
    read<T>(await request.fetch(base() + path, { method, headers, ...(data === undefined ? {} : { data }) }))
  return {
    get: <T>(path: string) => send<T>('GET', path),
    post: <T>(path: string, data: unknown = {}) => send<T>('POST', path, data),
    put: <T>(path: string, data: unknown) => send<T>('PUT', path, data),
    patch: <T>(path: string, data: unknown) => send<T>('PATCH', path, data),
    delete: <T>(path: string, data?: unknown) => send<T>('DELETE', path, data),
  }
}

export type Api = ReturnType<typeof apiWith>
