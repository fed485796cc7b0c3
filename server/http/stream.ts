import { randomUUID } from 'node:crypto'
import { ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web'
import type { z } from 'zod'
import type { Operation, Permission } from '#contract/operation'
import type { OrganizationAction, ProjectAction } from '#contract/permissions'
import { database } from '#db/client'
import type { OrgContext, ProjectContext } from '#domain/context'
import { DomainError } from '#domain/errors'
import type { NumberedDocument } from '#domain/transfer/import-stages'
import { log } from '#server/log'
import { answerHeaders } from './answer-headers.ts'
import { type Call, type Handler, type Result, type Run, answer, endpoint, failed, proven } from './endpoint.ts'
import { csvLine } from './csv.ts'
import { HttpError } from './errors.ts'
import { assertPlain, parseQuery } from './input.ts'
import { type Params, assertIds } from './resolve.ts'

const NDJSON = 'application/x-ndjson'
const CSV = 'text/csv; charset=utf-8; header=present'
const MAX_LINE = 1024 * 1024

async function resolved(operation: Operation, request: Request, params: Params, requestId: string) {
  const { org, project } = await proven(operation, request, params, requestId, database())
  assertIds(params)
  return { org: org!, project: project!, query: parseQuery(request, operation.query) }
}

/** How a line reads in a spreadsheet: the columns by name, and the file's name. */
export type Csv<Line> = { name: string; columns: Record<string, (line: Line) => unknown> }

/** The project of the URL, or the organisation where the permission reaches no further. */
type Reached<Who> = Who extends ProjectAction ? ProjectContext : OrgContext

/**
 * A GET that answers NDJSON, or CSV where it has columns and the query says `format=csv`: each line passes through `returns` on its way. What
 * goes wrong before the first line is an answer of its own.
 */
export function exporting<Who extends OrganizationAction | ProjectAction, Query extends z.ZodType, Line extends z.ZodType>(
  operation: Operation<string, Who, Query, z.ZodType, Line>,
  run: (context: Reached<Who>, query: z.output<Query>) => Promise<AsyncGenerator<z.output<Line>>>,
  csv?: Csv<z.output<Line>>,
): Handler {
  return async (request, context) => {
    const requestId = randomUUID()
    try {
      const params = (await context.params) ?? {}
      const { org, project, query } = await resolved(operation as unknown as Operation, request, params, requestId)
      const lines = shaped(await run((project ?? org) as Reached<Who>, query as z.output<Query>), operation.returns)
      const asCsv = csv && (query as { format?: unknown }).format === 'csv' ? csv : undefined
      const body = ReadableStream.from(encoded(asCsv ? csvLines(lines, asCsv) : ndjsonLines(lines)))
      const type = asCsv ? { 'content-type': CSV } : { 'content-type': NDJSON }
      const file = csv && `${(project?.project ?? org.org).slug}-${csv.name}.${asCsv ? 'csv' : 'ndjson'}`
      const saved = file && { 'content-disposition': `attachment; filename="${file}"` }
      return new Response(body as unknown as BodyInit, {
        headers: { ...type, ...saved, ...answerHeaders(request, requestId) },
      })
    } catch (error) {
      return failed(error, request, requestId)
    }
  }
}

async function* shaped<Line extends z.ZodType>(
  lines: AsyncGenerator<z.output<Line>>,
  shape: Line,
): AsyncGenerator<z.output<Line>> {
  for await (const line of lines) yield shape.parse(line)
}

async function* ndjsonLines(lines: AsyncGenerator<unknown>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`
}

async function* csvLines<Line>(lines: AsyncGenerator<Line>, { columns }: Csv<Line>): AsyncGenerator<string> {
  yield csvLine(Object.keys(columns))
  for await (const line of lines) yield csvLine(Object.values(columns).map((of) => of(line)))
}

async function* encoded(texts: AsyncGenerator<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const text of texts) yield encoder.encode(text)
}

/** A POST that takes NDJSON of any length, a line at a time. */
export function importing<Result extends z.ZodType>(
  operation: Operation<string, 'apply:write', z.ZodType, z.ZodType, Result>,
  run: (project: ProjectContext, lines: AsyncIterable<NumberedDocument>) => Promise<z.input<Result>>,
): Handler {
  return async (request, context) => {
    const requestId = randomUUID()
    try {
      const { project } = await resolved(operation as unknown as Operation, request, (await context.params) ?? {}, requestId)
      if (!/^application\/(x-)?ndjson\b/i.test(request.headers.get('content-type') ?? '')) {
        throw new HttpError(415, 'unsupported_media_type', `Send the body as Content-Type: ${NDJSON}`)
      }
      const output = operation.returns.parse(await run(project, linesOf(request)))
      log.info({ requestId, method: request.method, path: operation.path, status: operation.status }, 'changed')
      const headers = { 'content-type': 'application/json', ...answerHeaders(request, requestId) }
      return new Response(JSON.stringify(output), { status: operation.status, headers })
    } catch (error) {
      return failed(error, request, requestId)
    }
  }
}

const wantsLines = ({ headers }: Request) => /\bapplication\/(x-)?ndjson\b/i.test(headers.get('accept') ?? '')

/**
 * An endpoint that can be watched: to `Accept: application/x-ndjson` it answers a line for each report, and a last one with the result or
 * the refusal and its status. What goes wrong before the first line is an answer of its own, and whoever asks for JSON gets it as ever.
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
  const plain = endpoint(operation, (call) => run(call, () => {}))
  return async (request, context) => {
    if (!wantsLines(request)) return plain(request, context)
    const requestId = randomUUID()
    const lines = openLines()
    const watched = ((call) => run(call as never, (progress) => lines.send({ progress }))) as Run
    const params = (await context.params) ?? {}
    const finished = answer(operation as unknown as Operation, watched, request, params, requestId)
    const ended = finished
      .then(({ status, body }) => {
        log.info({ requestId, method: request.method, path: operation.path, status }, 'changed')
        lines.send({ result: JSON.parse(body) as unknown, status })
      })
      .catch(async (error: unknown) => {
        if (!lines.begun()) return
        const refusal = failed(error, request, requestId)
        lines.send({ error: await refusal.json(), status: refusal.status })
      })
      .finally(lines.close)
    try {
      await Promise.race([lines.first, finished])
    } catch (error) {
      return failed(error, request, requestId)
    }
    void ended
    // What stands between may neither compress nor hold back what is meant to be seen as it comes.
    const always = answerHeaders(request, requestId)
    const headers = { 'content-type': NDJSON, ...always, 'cache-control': 'no-store, no-transform' }
    return new Response(lines.body as unknown as BodyInit, { headers })
  }
}

/** Lines of JSON to somebody who may hang up; then they go nowhere. */
function openLines() {
  const encoder = new TextEncoder()
  const { promise: first, resolve: begin } = Promise.withResolvers<void>()
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
  const send = (line: unknown) => {
    begun = true
    begin()
    out?.enqueue(encoder.encode(`${JSON.stringify(line)}\n`))
  }
  const close = () => out?.close()
  return { body, first, begun: () => begun, send, close }
}

/** Blank lines are no documents, but they are lines: each document keeps the number that an editor shows. */
async function* linesOf(request: Request): AsyncGenerator<NumberedDocument> {
  if (!request.body) return
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let number = 0
  let rest = ''
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    rest += textOf(decoder, chunk, number)
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > MAX_LINE)
      throw new HttpError(413, 'body_too_large', `Line ${number + lines.length + 1} is longer than 1 MiB`)
    for (const line of lines) {
      number++
      if (line.trim() !== '') yield { document: parsed(line, number), number }
    }
  }
  rest += textOf(decoder, undefined, number)
  if (rest.trim() !== '') yield { document: parsed(rest, number + 1), number: number + 1 }
}

function textOf(decoder: TextDecoder, chunk: Uint8Array | undefined, number: number): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
  } catch {
    throw new DomainError('invalid_request', `The body is not valid UTF-8 after line ${number}`)
  }
}

function parsed(line: string, number: number): unknown {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new DomainError('invalid_request', `Line ${number} is not valid JSON`, [
      { path: `line ${number}`, message: 'is not valid JSON' },
    ])
  }
  assertPlain(value)
  return value
}
