import { ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web'
import type { z } from 'zod'
import type { Operation, Permission } from '#contract/operation'
import type { OrganizationAction, ProjectAction } from '#contract/access/permissions'
import { database } from '#db/client'
import type { OrgContext, ProjectContext } from '#domain/context'
import { DomainError, TryLater } from '#domain/errors'
import { takeTurns } from '#domain/give-way'
import { type NumberedDocument, refused } from '#domain/transfer/import-stages'
import { answerHeaders } from './answer-headers.ts'
import { accepted, varying } from './compression/compressed.ts'
import { callerOf } from './authenticate.ts'
import { readBody } from './body.ts'
import { type Call, type Result, orgApi } from './endpoint.ts'
import { BYTE_ORDER_MARK, csvLine } from './formats/csv.ts'
import type { Json } from './formats/print.ts'
import { failed } from './errors.ts'
import { assertStays, departureOf } from './exchange.ts'
import { assertPlain } from './input.ts'
import { assertSaid, surveyJson } from './parsing/json-survey.ts'
import { type Handler, perform, pipeline, rebased } from './pipeline.ts'
import { noteResult } from './record.ts'
import type { Resolved } from './resolve.ts'
import { bodyOf, spooled } from './spooled.ts'
import { claim } from '../workers/others.ts'

const NDJSON = 'application/x-ndjson'
const CSV = 'text/csv; charset=utf-8; header=present'
const MAX_LINE = 1024 * 1024
/** No document has as many values; validating them would block the event loop. */
const MAX_LINE_VALUES = 100_000

/** The same contexts on the connections for exports and imports. */
function onTransfers(reached: Partial<Resolved>): Resolved {
  return rebased(reached, database({ class: 'transfer', owner: reached.org!.org.id })) as Resolved
}

/** Allows one export and one import at a time for each caller. Returns a function that ends it. */
async function begin(what: 'export' | 'import', { actor }: Partial<Resolved>): Promise<() => void> {
  const end = await claim(`${what} ${callerOf(actor!.actor)}`, 1)
  if (!end) throw new TryLater('too_much_at_once', `You already have an ${what} in progress`, 5)
  return end
}

/** A line in CSV: its columns by name, and the file's name. */
export type Csv<Line> = { name: string; columns: Record<string, (line: Line) => unknown> }

/** The project of the URL, or the organization when the permission reaches no further. */
type Reached<Who> = Who extends ProjectAction ? ProjectContext : OrgContext

/**
 * A GET of NDJSON, or of CSV with `format=csv`; each line passes through `returns`. Writes a file first, so that no connection is
 * held while the client reads and errors get their own answer. HEAD gathers nothing.
 */
export function exporting<Who extends OrganizationAction | ProjectAction, Query extends z.ZodType, Line extends z.ZodType>(
  operation: Operation<string, Who, Query, z.ZodType, Line>,
  run: (context: Reached<Who>, query: z.output<Query>) => Promise<AsyncGenerator<z.output<Line>>>,
  csv?: Csv<z.output<Line>>,
): Handler {
  return pipeline(orgApi, operation as unknown as Operation, async ({ request, origin, reached, query }) => {
    const { org, project } = onTransfers(reached)
    const asCsv = csv && (query as { format?: unknown }).format === 'csv' ? csv : undefined
    const type = asCsv ? { 'content-type': CSV } : { 'content-type': NDJSON }
    const file = csv && `${(project?.project ?? org.org).slug}-${csv.name}.${asCsv ? 'csv' : 'ndjson'}`
    const saved = file && { 'content-disposition': `attachment; filename="${file}"` }
    const headers = { ...type, ...saved, ...answerHeaders(request, origin.requestId) }
    const { isCompressed } = operation
    const coding = accepted(operation, request)?.coding
    if (request.method === 'HEAD') return new Response(null, { headers: { ...headers, ...(isCompressed && varying(undefined)) } })
    const end = await begin('export', reached)
    try {
      const gather = async () => {
        const lines = shaped(await run((project ?? org) as Reached<Who>, query as z.output<Query>), operation.returns)
        return asCsv ? csvLines(lines, asCsv) : ndjsonLines(lines)
      }
      const spool = await spooled({ what: 'export', owner: org.org.id, departure: departureOf(request), coding }, gather)
      const length = { 'content-length': String(spool.size()), ...(isCompressed && varying(spool.coding())) }
      return new Response(bodyOf(spool, end) as unknown as BodyInit, { headers: { ...headers, ...length } })
    } catch (error) {
      end()
      throw error
    }
  })
}

async function* shaped<Line extends z.ZodType>(
  lines: AsyncGenerator<z.output<Line>>,
  shape: Line,
): AsyncGenerator<z.output<Line>> {
  for await (const line of lines) yield shape.parse(line)
}

async function* ndjsonLines(lines: AsyncGenerator): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`
}

async function* csvLines<Line>(lines: AsyncGenerator<Line>, { columns }: Csv<Line>): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(Object.keys(columns))
  for await (const line of lines) yield csvLine(Object.values(columns).map((of) => of(line)))
}

/** A POST that takes NDJSON, a line at a time. All of it has arrived before a database connection is taken. */
export function importing<Query extends z.ZodType, Returns extends z.ZodType>(
  operation: Operation<string, 'apply:write', Query, z.ZodType, Returns>,
  run: (project: ProjectContext, lines: AsyncIterable<NumberedDocument>, query: z.output<Query>) => Promise<z.input<Returns>>,
): Handler {
  return pipeline(orgApi, operation as unknown as Operation, async ({ request, reached, sender, query }) => {
    if (!/^application\/(x-)?ndjson\b/i.test(request.headers.get('content-type') ?? '')) {
      throw new DomainError('unsupported_media_type', `Send the body as Content-Type: ${NDJSON}`)
    }
    const end = await begin('import', reached)
    try {
      const body = await readBody(request, operation.maxBody, sender)
      try {
        const result = await run(
          onTransfers(reached).project,
          linesOf(body?.pieces(), () => assertStays(request)),
          query as z.output<Query>,
        )
        return { status: operation.status, body: JSON.stringify(operation.returns.parse(result)), headers: {} }
      } finally {
        await body?.close()
      }
    } finally {
      end()
    }
  })
}

const wantsLines = ({ headers }: Request) => /\bapplication\/(x-)?ndjson\b/i.test(headers.get('accept') ?? '')

/**
 * An endpoint with progress: `Accept: application/x-ndjson` gets a line per report and a last one with the result, or the refusal
 * and its status. Errors before the first line, and callers that ask for JSON, get the usual answer.
 */
export function reporting<
  Path extends string,
  Who extends Permission,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Returns extends z.ZodType,
  Progress,
>(
  operation: Operation<Path, Who, Query, Body, Returns>,
  run: (call: Call<Path, Who, Query, Body>, report: (progress: Progress) => void) => Promise<Result<Returns>>,
): Handler {
  const anyOperation = operation as unknown as Operation
  return pipeline(orgApi, anyOperation, async (admitted) => {
    const { request, origin } = admitted
    const finish = (report: (progress: Progress) => void) =>
      perform(orgApi, anyOperation, (call) => run(call as never, report), admitted)
    if (!wantsLines(request)) return finish(() => {})
    const lines = openLines()
    const finished = finish((progress) => lines.send({ progress }))
    const ended = finished
      .then(({ status, body }) => {
        noteResult(request, status)
        // Inserts the body as it is: parsing and printing a hundred thousand items again would block the event loop.
        lines.print('{"result":', body, `,"status":${status}}`)
      })
      .catch(async (error: unknown) => {
        if (!lines.begun()) return
        const refusal = failed(error, request, origin.requestId)
        noteResult(request, refusal.status)
        lines.send({ error: await refusal.json(), status: refusal.status })
      })
      .finally(lines.close)
    await Promise.race([lines.first, finished])
    void ended
    // Proxies must neither compress nor buffer what should be seen as it arrives.
    const always = answerHeaders(request, origin.requestId)
    const headers = { 'content-type': NDJSON, ...always, 'cache-control': 'no-store, no-transform' }
    return new Response(lines.body as unknown as BodyInit, { headers })
  })
}

/** JSON lines to a client. Once the client hangs up, they are dropped. */
function openLines() {
  const encoder = new TextEncoder()
  const { promise: first, resolve: beginLines } = Promise.withResolvers<void>()
  let out: ReadableStreamDefaultController<Uint8Array> | undefined
  let begun = false
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      out = controller
    },
    cancel: () => {
      out = undefined
    },
  })
  const print = (...parts: Json[]) => {
    begun = true
    beginLines()
    for (const part of [...parts, '\n']) out?.enqueue(typeof part === 'string' ? encoder.encode(part) : part)
  }
  const send = (line: unknown) => print(JSON.stringify(line))
  const close = () => out?.close()
  return { body, first, begun: () => begun, print, send, close }
}

const NEWLINE = 0x0a

const SPACES = new Set([0x20, 0x09, 0x0d])

/** Skips the lines of spaces alone from here on: where the next line begins, and how many there were. */
function skipBlank(piece: Buffer, from: number): { from: number; blank: number } {
  let begins = from
  let blank = 0
  for (let at = from; at < piece.byteLength; at++) {
    if (piece[at] === NEWLINE) {
      begins = at + 1
      blank++
    } else if (!SPACES.has(piece[at]!)) break
  }
  return { from: begins, blank }
}

/**
 * Blank lines are no documents but count as lines, so each document keeps the line number of an editor. Most of them are skipped
 * a piece at a time, since two hundred million fit into a body. `check` throws when nobody waits for the result any more.
 */
async function* linesOf(pieces: AsyncIterable<Buffer> = none(), check: () => void): AsyncGenerator<NumberedDocument> {
  let number = 1
  let begun: Buffer[] = []
  let length = 0
  const whole = () => {
    const bytes = begun.length === 1 ? begun[0]! : Buffer.concat(begun)
    begun = []
    length = 0
    return parsed(bytes, number)
  }
  // A short body is in memory and arrives without a pause.
  const turn = takeTurns()
  for await (const piece of pieces) {
    let from = 0
    for (;;) {
      if (turn.isOver()) {
        check()
        await turn.giveWay()
      }
      if (length === 0) {
        const skipped = skipBlank(piece, from)
        from = skipped.from
        number += skipped.blank
      }
      const at = piece.indexOf(NEWLINE, from)
      if (at < 0) break
      begun.push(piece.subarray(from, at))
      from = at + 1
      assertShort(length + begun.at(-1)!.byteLength, number)
      const document = whole()
      if (document !== BLANK) yield { document, number }
      number++
    }
    if (from === piece.byteLength) continue
    begun.push(piece.subarray(from))
    length += piece.byteLength - from
    assertShort(length, number)
  }
  const document = whole()
  if (document !== BLANK) yield { document, number }
}

const tooFull = (number: number) =>
  new DomainError('invalid_request', `Line ${number} has more than ${MAX_LINE_VALUES.toLocaleString('en-US')} values`)

async function* none(): AsyncGenerator<Buffer> {}

function assertShort(length: number, number: number): void {
  if (length > MAX_LINE) throw new DomainError('body_too_large', `Line ${number} is longer than 1 MiB`)
}

function textOf(bytes: Buffer, number: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new DomainError('invalid_request', `Line ${number} is not valid UTF-8`)
  }
}

const BLANK = Symbol('a line without a document')

function parsed(bytes: Buffer, number: number): unknown {
  const survey = surveyJson(bytes, MAX_LINE_VALUES, () => tooFull(number))
  const line = textOf(bytes, number)
  if (line.trim() === '') return BLANK
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new DomainError('invalid_request', `Line ${number} is not valid JSON`, [
      { path: `line ${number}`, message: 'is not valid JSON' },
    ])
  }
  try {
    assertSaid(bytes, survey, assertPlain(value))
  } catch (error) {
    throw error instanceof DomainError ? refused(number, error.message) : error
  }
  return value
}
