import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import type { Outcome as Recorded, Outgoing } from '#domain/webhooks/deliveries'
import { isAllowedHost, isPublicAddress } from '#domain/webhooks/addresses'
import { AddressNotAllowed, type Resolve, dnsResolve, publicLookup, systemResolve } from './lookup.ts'
import { retryAfterOf } from './retry-after.ts'

export type SendOptions = {
  /** Milliseconds from connecting to the end of the answer. */
  timeout: number
  resolve?: Resolve | undefined
  /** Aborts the request when the process stops. */
  signal?: AbortSignal
}

type Outcome = Omit<Recorded, 'url'>

/** Bytes kept of an answer. */
const KEPT = 1024

/** Posts a message once and returns the outcome; throws only when aborted. Does not follow redirects. */
export async function send(message: Outgoing, { timeout, resolve, signal }: SendOptions): Promise<Outcome> {
  const started = performance.now()
  const deadline = AbortSignal.timeout(timeout)
  const outcome = (result: Partial<Outcome>): Outcome => ({
    delivered: false,
    status: null,
    reason: null,
    detail: null,
    response: null,
    retryAfter: null,
    ...result,
    durationMs: Math.round(performance.now() - started),
  })
  try {
    const response = await posted(message, resolve, signal ? AbortSignal.any([deadline, signal]) : deadline)
    return outcome({ ...verdictOf(response), response: await beginningOf(response) })
  } catch (error) {
    signal?.throwIfAborted()
    if (deadline.aborted) return outcome({ reason: 'timed_out' })
    if (error instanceof AddressNotAllowed) return outcome({ reason: 'address_not_allowed', detail: error.message })
    return outcome({ reason: 'unreachable', detail: causeOf(error) })
  }
}

/** Answers that say when to come back (Standard Webhooks). */
const OVERLOADED: ReadonlySet<number> = new Set([429, 503])

function verdictOf({ statusCode: status = 0, headers: { location, 'retry-after': later } }: IncomingMessage): Partial<Outcome> {
  if (status >= 200 && status < 300) return { delivered: true, status }
  if (status >= 300 && status < 400) return { status, reason: 'redirected', detail: location?.slice(0, 200) ?? null }
  return { status, reason: 'refused', retryAfter: OVERLOADED.has(status) ? retryAfterOf(later) : null }
}

/** Settles when the answer begins. */
function posted(
  { url: text, headers, body }: Outgoing,
  resolve: Resolve | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const url = new URL(text)
  const anywhere = isAllowedHost(url)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!anywhere) {
    // Node does not look up literal addresses, so `lookup` cannot check them.
    if (isIP(host) && !isPublicAddress(host)) throw new AddressNotAllowed(`${host} is not a public address`)
    if (url.protocol !== 'https:') throw new AddressNotAllowed('the URL must start with https://')
  }
  const lookup = anywhere ? trustingLookup(resolve ?? systemResolve) : publicLookup(resolve ?? dnsResolve)
  // A new connection for each request, so that the address is checked each time.
  const options: RequestOptions = { method: 'POST', headers, lookup, signal, agent: false }
  return new Promise((done, failed) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, done)
    request.on('error', failed)
    request.end(body)
  })
}

/** For a host that the operator has allowed. */
const trustingLookup =
  (resolve: Resolve): NonNullable<RequestOptions['lookup']> =>
  (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => (options.all ? callback(null, found) : callback(null, found[0]!.address, found[0]!.family)),
      (error: unknown) => callback(error as Error, ''),
    )
  }

/** Reads at most 1 KiB and does not wait for more, nor for an answer that breaks off. */
async function beginningOf(response: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      length += chunk.length
      if (length >= KEPT) break
    }
  } catch {}
  response.destroy()
  const text = Buffer.concat(chunks).subarray(0, KEPT).toString().replaceAll('\0', '�')
  return text === '' ? null : text
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED`, …: a code that a person can look up. */
function causeOf(error: unknown): string {
  const { code, message, errors } = error as { code?: string; message?: string; errors?: { code?: string }[] }
  return (code ?? errors?.[0]?.code ?? message ?? 'unknown').slice(0, 200)
}
