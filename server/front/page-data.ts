import { AsyncLocalStorage } from 'node:async_hooks'
import { type DehydratedState, QueryClient, type QueryKey, dehydrate } from '@tanstack/react-query'
import { headers } from 'next/headers'
import { type Reach, reachThrough } from '#queries/call'
import { addressHeader } from './address-header.ts'
import { offeredLane } from './offered-lane.ts'

/** Milliseconds that a page waits for its data. Then it leaves without, and the browser asks. */
const PATIENCE = 300
/** Characters of answers that a page carries: its HTML holds them twice, as rows and as data. */
const MOST = 256 * 1024

/** What the API must know of the browser that asks for the page; everything else is the page's own. */
const passedOn = ['cookie', 'user-agent', addressHeader]

const reaching = new AsyncLocalStorage<Reach>()
reachThrough(() => reaching.getStore())

type Query = { queryKey: QueryKey; queryFn?: unknown }

/**
 * The answers of the API to these queries, for the screen to begin with. They are the browser's own calls, made by the server: its
 * session, rate limit, shares and *View as* apply, and what is refused or slow is left out.
 */
export async function pageData(...queries: Query[]): Promise<DehydratedState | undefined> {
  const lane = offeredLane()
  const incoming = await headers()
  if (!lane || !incoming.has('cookie')) return undefined
  const signal = AbortSignal.timeout(PATIENCE)
  const own = new Headers()
  for (const name of passedOn) if (incoming.has(name)) own.set(name, incoming.get(name)!)
  let length = 0
  const reach: Reach = async (path) => {
    const answer = await lane(new Request(`http://localhost${path}`, { headers: own, signal }))
    const text = await answer.text()
    length += text.length
    if (length > MOST) throw new Error('a page does not carry so much')
    return new Response(text, answer)
  }
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } })
  const gathered = Promise.all(
    queries.map((query) => reaching.run(reach, () => client.prefetchQuery(query as Parameters<QueryClient['prefetchQuery']>[0]))),
  )
  await Promise.race([gathered, over(signal)])
  return dehydrate(client)
}

const over = (signal: AbortSignal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
