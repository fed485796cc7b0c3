import { z } from 'zod'
import { PAGE_BYTES } from '#contract/limits/limits'
import type { V1Operation, V1Permission } from '#contract/v1/operation'
import { database, whileWanted } from '#db/client'
import { TryLater } from '#domain/errors'
import type { Page } from '#domain/paging'
import { answerHeaders } from '../answer-headers.ts'
import { owe } from '../answers.ts'
import { callerOf } from '../authenticate.ts'
import { accepted, varying } from '../compression/compressed.ts'
import { assertStays, departureOf } from '../exchange.ts'
import { print } from '../formats/print.ts'
import type { Reply } from '../idempotency.ts'
import { type Admitted, type Handler, assertReadsAnswers, claimOf, pipeline, rebased } from '../pipeline.ts'
import { bodyOf, spooled } from '../spooled.ts'
import { claim } from '../../workers/others.ts'
import { type Call, v1Api } from './endpoint.ts'

/** Rows that one query of a list reads. */
const BATCH = 1000
/** Lists too long for memory that one caller may have gathered or sent at once. */
const LONG_LISTS = 4

/** What a list reads next: at most `last` rows, after the cursor. */
type Reach = { last: number; before: string | undefined }
type PageParams = { last?: number; before?: string | undefined }

type Item<Returns> =
  Returns extends z.ZodArray<infer One> ? One : Returns extends z.ZodObject<{ items: z.ZodArray<infer One> }> ? One : never

/**
 * A list of the v1 API: everything that `last` asks for, however many rows and bytes that is, since its clients never follow
 * `Link`. It is read by key, a batch at a time. What is longer than a page goes into a file before it is sent, so no connection
 * is held while the client reads. `count` is for a list that is an object, and says how many there are on all pages.
 */
export function v1List<
  Path extends string,
  Who extends V1Permission,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Returns extends z.ZodType,
>(
  operation: V1Operation<Path, Who, Query, Body, Returns>,
  run: (call: Call<Path, Who, Query, Body>, reach: Reach) => Promise<Page<z.input<Item<Returns>>>>,
  count?: (call: Call<Path, Who, Query, Body>) => Promise<number>,
): Handler {
  const anyOperation = operation as unknown as V1Operation
  return pipeline(v1Api, anyOperation, async (admitted) => {
    const { request, sender } = admitted
    const list = gathered(anyOperation, admitted, run as never, count as never)
    const { value: first } = await list.pieces.next()
    const start = first ?? ''
    if (list.isComplete() && Buffer.byteLength(start) <= PAGE_BYTES) {
      const rest = await list.pieces.next()
      const body = `${start}${rest.value ?? ''}`
      owe(request, sender.owners, body)
      return { status: operation.status, body, headers: list.headers() } satisfies Reply
    }
    return request.method === 'HEAD' ? emptyResponse(anyOperation, admitted) : inFile(anyOperation, admitted, start, list)
  })
}

type Gathered = ReturnType<typeof gathered>

/** The printed list in pieces, of which the last only closes it. */
function gathered(
  operation: V1Operation,
  admitted: Admitted,
  run: (call: unknown, reach: Reach) => Promise<Page<unknown>>,
  count: ((call: unknown) => Promise<number>) | undefined,
) {
  const { request, params, origin, reached, query } = admitted
  const db = database(claimOf(operation, admitted))
  const call = { ...rebased(reached, db), request, db, origin, params, query }
  const check = () => {
    assertStays(request)
    assertReadsAnswers(operation, request, admitted.sender)
  }
  const { last = 0, before } = query as PageParams
  let left = last === 0 ? Number.POSITIVE_INFINITY : last
  let next: string | null = before ?? null
  let isComplete = false
  const { returns } = operation
  const items = returns instanceof z.ZodArray ? returns : (returns as z.ZodObject<{ items: z.ZodArray }>).shape.items
  const isBare = items === returns

  async function* pieces(): AsyncGenerator<string> {
    const total = count && (await whileWanted(check, () => count(call)))
    yield* batches()
    yield isBare ? ']' : `],"endCursor":${JSON.stringify(next)},"count":${total}}`
  }

  async function* batches(): AsyncGenerator<string> {
    for (let isFirst = true; !isComplete; isFirst = false) {
      const reach = { last: Math.min(left, BATCH), before: next ?? undefined }
      const page = await whileWanted(check, () => run(call, reach))
      const { body } = await print(items, page.items)
      left -= page.items.length
      next = page.next
      isComplete = next === null || left <= 0
      const within = body.toString().slice(1, -1)
      if (isFirst) yield `${isBare ? '[' : '{"items":['}${within}`
      else if (within !== '') yield `,${within}`
    }
  }

  return {
    pieces: pieces(),
    isComplete: () => isComplete,
    headers: (): Record<string, string> =>
      next !== null && isBare ? { link: `<${v1Api.nextUrl(new URL(request.url), next)}>; rel="next"` } : {},
  }
}

const emptyResponse = ({ isCompressed }: V1Operation, { request, origin }: Admitted) =>
  new Response(null, {
    headers: {
      'content-type': 'application/json',
      ...(isCompressed && varying(undefined)),
      ...answerHeaders(request, origin.requestId),
    },
  })

/** Counts the long lists of each caller. Returns a function that ends this one. */
async function begin({ reached: { actor } }: Admitted): Promise<() => void> {
  const end = await claim(`long list ${callerOf(actor!.actor)}`, LONG_LISTS)
  if (!end) throw new TryLater('too_much_at_once', `You already have ${LONG_LISTS} long lists in progress`, 5)
  return end
}

async function inFile(operation: V1Operation, admitted: Admitted, start: string, list: Gathered): Promise<Response> {
  const { request, origin, sender } = admitted
  const end = await begin(admitted)
  try {
    async function* all() {
      yield start
      yield* list.pieces
    }
    const coding = accepted(operation, request)?.coding
    const what = { what: 'list', owner: sender.owners[0]!, departure: departureOf(request), coding } as const
    const spool = await spooled(what, async () => all())
    const headers = {
      'content-type': 'application/json',
      'content-length': String(spool.size()),
      ...(operation.isCompressed && varying(spool.coding())),
      ...list.headers(),
      ...answerHeaders(request, origin.requestId),
    }
    return new Response(bodyOf(spool, end) as unknown as BodyInit, { headers })
  } catch (error) {
    end()
    throw error
  }
}
