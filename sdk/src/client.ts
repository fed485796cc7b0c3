import { BulkheadError, Unanswered } from './errors.ts'
import { type Operations, operations } from './operations.gen.ts'

export type { Operations } from './operations.gen.ts'
export { BulkheadError, Unanswered } from './errors.ts'

export interface ClientOptions {
  /** The origin of the server: `https://bulkhead.example.com`. */
  url: string
  /** A personal (`bhu_…`) or project (`bhp_…`) token. It is sent to `url` alone. */
  token?: string
  /** In place of the global `fetch`. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** Milliseconds for each try, until its answer is complete. Default: 30,000. */
  timeout?: number
  /** How often a call is tried again that may be repeated. Default: 2. */
  retries?: number
  /** The longest wait before another try, in milliseconds. A server that asks for more gets no other try. Default: 30,000. */
  longestWait?: number
}

export interface CallOptions {
  signal?: AbortSignal
  /** Repeats a POST of another process or run without a second effect. Without one, each POST that allows it gets its own. */
  idempotencyKey?: string
  /** The `etag` that was read: the change is refused with `precondition_failed` if somebody else was faster. */
  ifMatch?: string
}

type Id = keyof Operations
type Whole<Data> = Omit<Data, 'url' | 'headers'>
/** The keys without a value of their own: an operation without a body takes none. */
type Empty<Data> = { [Key in keyof Data]-?: [Exclude<Data[Key], undefined>] extends [never] ? Key : never }[keyof Data]
type Mandatory<Data> = { [Key in keyof Data]-?: object extends Pick<Data, Key> ? never : Key }[keyof Data]

/** What an operation takes: `path`, `query` and `body`, as far as it has them. */
export type Input<One extends Id> = Omit<Whole<Operations[One]['data']>, Empty<Whole<Operations[One]['data']>>>
export type Answer<One extends Id> = Operations[One]['answer']
/** An entry of a list. */
export type Entry<One extends Id> = Answer<One> extends (infer Each)[] ? Each : never

/** An input that is all optional can be left out. */
type Given<One extends Id> = [Mandatory<Input<One>>] extends [never]
  ? [input?: Input<One>, options?: CallOptions]
  : [input: Input<One>, options?: CallOptions]

/** An answer with its version, for `ifMatch`. */
export interface Tagged<Value> {
  value: Value
  etag: string | null
}

export interface Client {
  /** Calls an operation: `call('projects.get', { path: { orgId, projectId } })`. Throws `BulkheadError` or `Unanswered`. */
  call<One extends Id>(id: One, ...given: Given<One>): Promise<Answer<One>>
  /** The same with the version of the resource. */
  tagged<One extends Id>(id: One, ...given: Given<One>): Promise<Tagged<Answer<One>>>
  /** Every entry of a list, page by page: `for await (const member of client.each('members.list', …))`. */
  each<One extends Id>(id: One, ...given: Given<One>): AsyncGenerator<Entry<One>, void>
  /** Every line of an export. */
  lines<One extends Id>(id: One, ...given: Given<One>): AsyncGenerator<Answer<One>, void>
}

type Anything = { path?: Record<string, string>; query?: Record<string, string | number | boolean | undefined>; body?: unknown }

const wait = (milliseconds: number, signal: AbortSignal | undefined) =>
  new Promise<void>((resolve, reject) => {
    const clock = setTimeout(resolve, milliseconds)
    const stop = () => {
      clearTimeout(clock)
      reject(signal?.reason as Error)
    }
    signal?.addEventListener('abort', stop, { once: true })
  })

/** A client of one Bulkhead server. */
export function createClient(options: ClientOptions): Client {
  const { url, token, fetch: send = (to, init) => fetch(to, init), timeout = 30_000, retries = 2, longestWait = 30_000 } = options
  const origin = new URL(url).origin

  function requestOf(id: Id, { path = {}, query = {}, body }: Anything, { idempotencyKey, ifMatch }: CallOptions) {
    const [method, template, ...traits] = operations[id] as readonly [string, string, ...string[]]
    const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = path[name]
      if (value === undefined) throw new TypeError(`${id} needs path.${name}`)
      // An empty one, or dots, would make another URL of it, even one of another host.
      if (/^\.{0,2}$/.test(value)) throw new TypeError(`path.${name} can’t be “${value}”`)
      return encodeURIComponent(value)
    })
    const to = new URL(filled, origin)
    for (const [name, value] of Object.entries(query)) if (value !== undefined) to.searchParams.set(name, String(value))
    const isLines = typeof body === 'string'
    const headers: Record<string, string> = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': isLines ? 'application/x-ndjson' : 'application/json' }),
      ...(traits.includes('once') && { 'idempotency-key': idempotencyKey ?? crypto.randomUUID() }),
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    }
    const content = body === undefined ? {} : { body: isLines ? body : JSON.stringify(body) }
    // A change under `ifMatch` would be refused after its own first try.
    const mayRepeat = method === 'GET' || traits.includes('once') || (method !== 'POST' && ifMatch === undefined)
    return { to: String(to), init: { method, headers, ...content }, mayRepeat, traits }
  }

  /** Tries a request until it is answered, as often as it may be. `read` takes the answer within the time of the try. */
  async function answered<Value>(
    { to, init, mayRepeat }: ReturnType<typeof requestOf>,
    signal: AbortSignal | undefined,
    read: (response: Response) => Promise<Value>,
  ): Promise<Value> {
    for (let tried = 0; ; tried++) {
      const clock = new AbortController()
      const alarm = setTimeout(() => clock.abort(new DOMException(`No answer in ${timeout} ms`, 'TimeoutError')), timeout)
      const limited = signal ? AbortSignal.any([signal, clock.signal]) : clock.signal
      let failure: Unanswered | BulkheadError
      try {
        const response = await send(to, { ...init, signal: limited, redirect: 'error' })
        if (response.ok) return await read(response)
        failure = await BulkheadError.of(response)
      } catch (error) {
        signal?.throwIfAborted()
        failure = new Unanswered(init.method, to, { cause: error })
      } finally {
        clearTimeout(alarm)
      }
      const pause = failure instanceof Unanswered ? 250 * 2 ** tried : failure.pause(tried)
      if (!mayRepeat || pause === undefined || tried >= retries || pause > longestWait) throw failure
      await wait(pause, signal)
    }
  }

  async function page(id: Id, input: Anything, callOptions: CallOptions) {
    return answered(requestOf(id, input, callOptions), callOptions.signal, async (response) => ({
      value: (response.status === 204 ? undefined : await response.json()) as unknown,
      etag: response.headers.get('etag'),
      next: /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1],
    }))
  }

  return {
    call: async (id, ...[input = {}, callOptions = {}]) => (await page(id, input, callOptions)).value as Answer<typeof id>,
    async tagged(id, ...[input = {}, callOptions = {}]) {
      const { value, etag } = await page(id, input, callOptions)
      return { value: value as Answer<typeof id>, etag }
    },
    async *each(id, ...[input = {}, callOptions = {}]) {
      const { query, ...rest } = input as Anything
      for (let cursor: string | undefined; ;) {
        const { value, next } = await page(id, { ...rest, query: { ...query, ...(cursor && { cursor }) } }, callOptions)
        yield* value as Entry<typeof id>[]
        cursor = next === undefined ? undefined : (new URL(next, origin).searchParams.get('cursor') ?? undefined)
        if (cursor === undefined) return
      }
    },
    async *lines(id, ...[input = {}, callOptions = {}]) {
      const { signal } = callOptions
      const body = await answered(requestOf(id, input, callOptions), signal, async (response) => response.body!)
      let rest = ''
      // A stream has no time limit as a whole: it is as long as what it carries.
      for await (const text of body.pipeThrough(new TextDecoderStream())) {
        const all = (rest + text).split('\n')
        rest = all.pop() ?? ''
        for (const line of all) if (line !== '') yield JSON.parse(line) as Answer<typeof id>
      }
      if (rest !== '') yield JSON.parse(rest) as Answer<typeof id>
    },
  }
}
