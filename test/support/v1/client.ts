/** An answer ≥ 400, as the real client words it. */
export class V1Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

type Credentials = { bearer?: string; projectToken?: string; agentToken?: string; aggregatorToken?: string }
export type V1Page<T> = { items: T; endCursor: string | null }

/**
 * A client that behaves like the real ones (reference v1, 2): a `?` on every list, the charset in the content type, every field
 * sent with null when unset, only the first `Link` line read, and exact content types when it decodes.
 */
export function v1Client(origin: string, { bearer, projectToken, agentToken, aggregatorToken }: Credentials) {
  async function send(method: string, path: string, body?: unknown): Promise<{ response: Response; decoded: unknown }> {
    const headers: Record<string, string> = {}
    if (bearer !== undefined) headers['authorization'] = `Bearer ${bearer}`
    if (projectToken !== undefined) headers['x-project-token'] = projectToken
    if (agentToken !== undefined) headers['x-agent-token'] = agentToken
    if (aggregatorToken !== undefined) headers['x-aggregator-token'] = aggregatorToken
    if (body !== undefined) headers['content-type'] = 'application/json; charset=utf-8'
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const response = await fetch(origin.replace(/\/$/, '') + path, init)
    if (response.status >= 400) {
      const text = await response.text()
      const { error } = decode(response, text) as { error?: unknown }
      if (typeof error !== 'string')
        throw new Error(`could not json decode error response: status_code=${response.status}: ${text}`)
      throw new V1Refusal(response.status, error)
    }
    // The body of a 204 is never read.
    return { response, decoded: response.status === 204 ? undefined : decode(response, await response.text()) }
  }

  const query = (values: Record<string, string | number | undefined>) =>
    new URLSearchParams(
      Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    ).toString()

  return {
    get: async <T>(path: string) => (await send('GET', path)).decoded as T,
    post: async <T>(path: string, body?: unknown) => (await send('POST', path, body)).decoded as T,
    patch: async (path: string, body: unknown) => void (await send('PATCH', path, body)),
    delete: async <T>(path: string) => (await send('DELETE', path)).decoded as T,
    async list<T>(path: string, values: Record<string, string | number | undefined> = {}): Promise<V1Page<T[]>> {
      const { response, decoded } = await send('GET', `${path}?${query(values)}`)
      return { items: decoded as T[], endCursor: endCursorOf(response.headers.get('link')) }
    },
  }
}

export type V1Client = ReturnType<typeof v1Client>

function decode(response: Response, text: string): unknown {
  const type = response.headers.get('content-type')
  if (type === 'application/yaml' || type === 'text/plain') throw new Error(`${type} where JSON was expected`)
  return JSON.parse(text) as unknown
}

/** `<URI>; rel="next"` with nothing before it; of several joined headers, only the first. */
function endCursorOf(link: string | null): string | null {
  if (link === null) return null
  const [, uri] = /^<([^>,]+)>; rel="next"$/.exec(link) ?? []
  if (uri === undefined) return null
  return new URL(uri, 'http://localhost').searchParams.get('before') || null
}
