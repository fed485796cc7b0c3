import { parentPort } from 'node:worker_threads'
import { operations } from '#contract/operations'
import { v1Operations } from '#contract/v1/operations'
import { DomainError } from '#domain/errors'
import type { FromWorker, Task, ToWorker } from './messages.ts'
import { keyOf, orgBody } from './org-body.ts'
import { type Piece, piecesOf } from './pieces.ts'
import type { Format } from './value.ts'
import { v1Body } from './v1-body.ts'

type Parse = (bytes: Uint8Array, format: Format) => unknown

/** Runs in its own thread: parses one body at a time and sends the result piece by piece on request. */
const parsers = new Map<string, Parse>([
  ...operations.map((one): [string, Parse] => [`org ${keyOf(one)}`, (bytes, format) => orgBody(one, bytes, format)]),
  ...v1Operations.map((one): [string, Parse] => [`v1 ${keyOf(one)}`, (bytes) => v1Body(one, bytes)]),
])

/** Pieces under way at once, so that neither thread waits for the other on few processors. */
const UNDER_WAY = 4

let pieces: Generator<Piece> | undefined
let ahead: Piece | undefined

const send = (message: FromWorker) => parentPort!.postMessage(message)

function handOver(): void {
  const piece = ahead
  if (!pieces || !piece) return
  const following = pieces.next()
  ahead = following.done ? undefined : following.value
  if (following.done) pieces = undefined
  send({ piece, isLast: following.done === true })
}

async function parse({ operation, bytes, format }: Task): Promise<void> {
  const parser = parsers.get(operation)
  if (!parser) throw new Error(`there is no operation ${operation}`)
  pieces = piecesOf(await parser(bytes, format))
  ahead = pieces.next().value as Piece
  for (let sent = 0; sent < UNDER_WAY; sent++) handOver()
}

parentPort!.on('message', (message: ToWorker) => {
  if ('next' in message) return handOver()
  parse(message.task).catch((error: unknown) => {
    if (!(error instanceof DomainError)) return send({ bug: error })
    const { code, message: sentence, details, problems } = error
    send({ refusal: { code, sentence, details, problems } })
  })
})
