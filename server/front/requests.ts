import type { IncomingMessage, ServerResponse } from 'node:http'
import { type RequestRecord, keptRequestId, recordOf, requestIdHeader, startRecord } from '../http/record.ts'
import { addressHeader } from './address-header.ts'
import { stamp } from './stamp.ts'

type Watcher = (over: RequestRecord) => void
let watchers: readonly Watcher[] = []

/** Calls `watcher` once for each request, when it is over. Returns a function that ends this. */
export function watchRequests(watcher: Watcher): () => void {
  watchers = [...watchers, watcher]
  return () => void (watchers = watchers.filter((one) => one !== watcher))
}

function tell(over: RequestRecord): void {
  for (const watcher of watchers) watcher(over)
}

const newRecord = (requestId: string, method: string, address: string): RequestRecord => ({
  requestId,
  traceId: undefined,
  method,
  address,
  operation: undefined,
  actorKind: undefined,
  actorId: undefined,
  orgId: undefined,
  code: undefined,
  status: undefined,
  resultStatus: undefined,
  isCut: false,
  milliseconds: 0,
})

const traceparent = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/
const traceOf = (header: unknown) => (typeof header === 'string' ? traceparent.exec(header)?.[1] : undefined)

/**
 * Begins the record of a request, and sets the client's address in a header that only this function can set. Returns what to call
 * when the answer is over.
 */
export function recordRequest(request: IncomingMessage, response: ServerResponse, address: string): () => void {
  const since = performance.now()
  stamp(request, addressHeader, address)
  const { headers } = request
  const known = newRecord(keptRequestId(headers[requestIdHeader]), request.method ?? '', address)
  known.traceId = traceOf(headers['traceparent'])
  startRecord(request, known)
  return () => {
    known.milliseconds = performance.now() - since
    // A refusal that was written to the connection itself has set its status.
    if (known.status === undefined) {
      if (response.headersSent) known.status = response.statusCode
      known.isCut = !response.writableFinished
    }
    tell(known)
  }
}

/** Records a refusal that belongs to a request whose answer has not begun, or to no request that could be read. Returns its id. */
export function recordRaw(
  refused: IncomingMessage | undefined,
  { code, status, address }: { code: string; status: number; address: string },
): string {
  const known = refused && recordOf(refused)
  const record = known ?? newRecord(keptRequestId(undefined), '', address)
  record.code = code
  record.status = status
  if (!known) tell(record)
  return record.requestId
}

/** What Next serves: files of the console, next-auth, and pages. */
function kindOf(url = ''): string {
  if (url.startsWith('/_next/')) return 'file'
  return url.startsWith('/api/') ? 'next-auth' : 'page'
}

/** Notes what Next serves, which has no operation of a contract, and tells Next the request's id. */
export function recordPage(request: IncomingMessage): void {
  const known = recordOf(request)
  if (!known) return
  known.operation = kindOf(request.url)
  if (request.headers[requestIdHeader] !== known.requestId) stamp(request, requestIdHeader, known.requestId)
}
