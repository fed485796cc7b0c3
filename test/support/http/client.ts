import type { ErrorBody } from '#contract/errors'

export type Answer<Body = ErrorBody> = { status: number; headers: Headers; body: Body; text: string }

type Sent = { json?: unknown; raw?: BodyInit; headers?: Record<string, string>; path?: Record<string, string> }

/** `null` = nobody, a string = a bearer token, headers = any other credential. */
export type Who = string | null | Record<string, string>

const proof = (who: Who): Record<string, string> =>
  who === null ? {} : typeof who === 'string' ? { authorization: `Bearer ${who}` } : who

/** `send(token, 'PUT /orgs/acme/projects/alpha', { json: { name } })`: one real request and its answer. */
export const clientOf =
  (origin: string) =>
  async <Body = ErrorBody>(who: Who, request: string, { json, raw, headers }: Sent = {}): Promise<Answer<Body>> => {
    const space = request.indexOf(' ')
    const body = json === undefined ? raw : JSON.stringify(json)
    const response = await fetch(origin + request.slice(space + 1), {
      method: request.slice(0, space),
      redirect: 'manual',
      headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...proof(who), ...headers },
      ...(body === undefined ? {} : { body, duplex: 'half' }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: parsed(text) as Body, text }
  }

export type Client = ReturnType<typeof clientOf>

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
