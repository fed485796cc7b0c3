import type { z } from 'zod'
import type { ErrorBody } from '#contract/errors'
import type { Operation, PathParams } from '#contract/operation'
import type { NamedOperations } from '#contract/operations'
import { confirmIdentity } from './accounts/fresh-sign-in.ts'

/** A refusal of the API with all its fields. `status` 0 means that no answer came (connection dropped). */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly details: { path: string; message: string }[]
  /** The caller's second factors, when one is required. */
  readonly methods: NonNullable<ErrorBody['methods']>
  readonly requestId: string | null
  /** Seconds after which to retry, when the server names them. */
  readonly retryAfter: number | null

  constructor(
    status: number,
    { error, code, details = [], methods = [], requestId }: Omit<ErrorBody, 'requestId'> & { requestId: string | null },
    retryAfter: number | null = null,
  ) {
    super(error)
    this.status = status
    this.code = code
    this.details = details
    this.methods = methods
    this.requestId = requestId
    this.retryAfter = retryAfter
  }
}

/** Every query and mutation in this folder fails with an `ApiError`; this tells its callers so. */
declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ApiError
  }
}

/** `GET /orgs/{orgId}/projects`: an operation by its method and path. */
type Name = keyof NamedOperations

type InputOf<Op> =
  Op extends Operation<infer Path, infer _Who, infer Query, infer Body>
    ? { [Param in PathParams<Path>]: string } extends infer Params
      ? { params?: Params; query?: z.input<Query>; body?: z.input<Body>; ifMatch?: string; signal?: AbortSignal }
      : never
    : never
type OutputOf<Op> = Op extends Operation<string, infer _Who, infer _Query, infer _Body, infer Returns> ? z.output<Returns> : never
type Input<One extends Name> = InputOf<NamedOperations[One]>
type Output<One extends Name> = OutputOf<NamedOperations[One]>

/**
 * Calls an operation of the contract. Throws `ApiError`. The answer has the contract's type without being parsed: the server lets
 * nothing out that the contract does not name, and the shapes would be a sixth of a page's code.
 */
export async function call<const One extends Name>(name: One, input: Input<One>): Promise<Output<One>> {
  return (await fetched(name, input)).output
}

export type Tagged<T> = { item: T; etag: string }

/** Like `call` for one resource, with its ETag for `ifMatch`. */
export async function callTagged<const One extends Name>(name: One, input: Input<One>): Promise<Tagged<Output<One>>> {
  const { output, response } = await fetched(name, input)
  return { item: output, etag: response.headers.get('etag') ?? '*' }
}

export type Page<T> = { items: T; next: string | null }

/** Like `call` for a list, with the cursor of the next page (from `Link`); null on the last page. */
export async function callPage<const One extends Name>(name: One, input: Input<One>): Promise<Page<Output<One>>> {
  const { output, response } = await fetched(name, input)
  const link = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
  return { items: output, next: link ? new URLSearchParams(link.slice(link.indexOf('?'))).get('cursor') : null }
}

/** Reads all pages: for pickers and trees, whose lists are bounded. */
export async function callAll<const One extends Name, Item = Output<One> extends (infer Each)[] ? Each : never>(
  name: One,
  input: Input<One>,
): Promise<Item[]> {
  const all: Item[] = []
  let cursor: string | null = null
  do {
    const query = { ...(input.query as object | undefined), limit: 200, ...(cursor === null ? {} : { cursor }) }
    const page: Page<Output<One>> = await callPage(name, { ...input, query })
    all.push(...(page.items as Item[]))
    cursor = page.next
  } while (cursor !== null)
  return all
}

async function fetched<const One extends Name>(
  name: One,
  input: Input<One>,
): Promise<{ output: Output<One>; response: Response }> {
  const { body, ifMatch, signal = null } = input
  const headers: Record<string, string> = {}
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (ifMatch !== undefined) headers['if-match'] = ifMatch
  const response = await reached(urlOf(name, input), {
    method: methodOf(name),
    headers,
    signal,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const json: unknown = await response.json().catch(() => undefined)
  if (!response.ok) {
    const refusal = refusalOf(response, json)
    // Once the user has confirmed it's them, repeats the same request, so that no form loses its input.
    if (refusal.code === 'reauthentication_required' && (await confirmIdentity())) return fetched(name, input)
    throw refusal
  }
  if (json === undefined && response.status !== 204) throw unreadable(response)
  return { output: json as Output<One>, response }
}

export const unanswered = () =>
  new ApiError(0, {
    error: 'The server didn’t answer. Check your connection and try again',
    code: 'offline',
    requestId: null,
  })

export type Reach = (path: string) => Promise<Response>

let reachOf: () => Reach | undefined = () => undefined

/** On the server a page has no origin that it could fetch from; this says how it reaches the API. */
export function reachThrough(find: () => Reach | undefined): void {
  reachOf = find
}

let record: ((url: string) => void) | undefined

/** The URL that a query would fetch first, without fetching it; undefined if it fetches nothing at once. */
export function urlAskedBy(query: () => unknown): string | undefined {
  let asked: string | undefined
  record = (url) => (asked ??= url)
  try {
    void query()
  } finally {
    record = undefined
  }
  return asked
}

function reached(url: string, sent: RequestInit): Promise<Response> {
  if (record) {
    record(url)
    return new Promise(() => {})
  }
  return (reachOf()?.(url) ?? fetch(url, sent)).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw unanswered()
  })
}

/** Sends a text to an operation that answers line by line in JSON. */
export async function* callLines<const One extends Name>(
  name: One,
  input: Input<One> & { text: string; contentType: string },
): AsyncGenerator {
  const headers = { accept: 'application/x-ndjson', 'content-type': input.contentType }
  const response = await reached(urlOf(name, input), { method: methodOf(name), headers, body: input.text })
  if (!response.ok || !response.body) throw refusalOf(response, await response.json().catch(() => undefined))
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  const read = () =>
    reader.read().catch(() => {
      throw unanswered()
    })
  let rest = ''
  for (let chunk = await read(); !chunk.done; chunk = await read()) {
    const lines = (rest + chunk.value).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      yield readLine(line, response)
    }
  }
}

function readLine(line: string, response: Response): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw unreadable(response)
  }
}

const methodOf = (name: Name) => name.slice(0, name.indexOf(' '))

/** A parameter in a path. A browser resolves `.` and `..`, as in a made-up link, which would change which call is made. */
function segmentOf(value: string): string {
  if (value === '.' || value === '..') throw new Error(`no name in a path can be “${value}”`)
  return encodeURIComponent(value)
}

/** The URL of a call: its path with the parameters filled in, and its query. */
export function urlOf(name: Name, { params = {}, query = {} }: { params?: unknown; query?: unknown }): string {
  const filled = name
    .slice(name.indexOf(' ') + 1)
    .replaceAll(/\{(\w+)\}/g, (_, param: string) => segmentOf((params as Record<string, string>)[param] ?? ''))
  if (filled.startsWith('//')) throw new Error('a path without its first name would be another host')
  const given = Object.entries(query as Record<string, unknown>).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  const search = new URLSearchParams(given.map(([field, value]) => [field, String(value)])).toString()
  return search ? `${filled}?${search}` : filled
}

/** An unreadable answer: something between this page and the server answers in its place. */
function unreadable(response: Response): ApiError {
  const error = 'The server’s answer couldn’t be read. Reload the page'
  return new ApiError(response.status, { error, code: 'unreadable', requestId: response.headers.get('x-request-id') })
}

const isText = (value: unknown) => typeof value === 'string'

/** Only the server itself refuses like this; what stands between answers in its own way. */
const isRefusal = (json: unknown): json is ErrorBody =>
  typeof json === 'object' &&
  json !== null &&
  'error' in json &&
  'code' in json &&
  'requestId' in json &&
  [json.error, json.code, json.requestId].every(isText)

function refusalOf(response: Response, json: unknown): ApiError {
  const after = Number(response.headers.get('retry-after') ?? Number.NaN)
  const retryAfter = Number.isFinite(after) ? after : null
  if (isRefusal(json)) return new ApiError(response.status, json, retryAfter)
  const requestId = response.headers.get('x-request-id')
  // Something between the browser and the server has a rate limit of its own.
  const error = response.status === 429 ? 'Too many requests. Try again in a moment' : `The server answered ${response.status}`
  return new ApiError(response.status, { error, code: 'unknown', requestId }, retryAfter)
}
