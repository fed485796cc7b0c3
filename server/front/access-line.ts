import type { RequestRecord } from '../http/record.ts'
import { log, logLine } from '../log.ts'
import { watchRequests } from './requests.ts'

const text = (name: string, value: string | undefined) => (value === undefined ? '' : `,"${name}":"${value}"`)
const number = (name: string, value: number | undefined) => (value === undefined ? '' : `,"${name}":${value}`)

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

let written = { at: 0, text: '' }

/** The time as text. Many requests end in the same millisecond. */
function timeText(): string {
  const at = Date.now()
  if (at !== written.at) written = { at, text: new Date(at).toISOString() }
  return written.text
}

/**
 * A line for the log. By hand, since every request has one: nothing in it needs escaping, because all of it is ours or was checked
 * (ids, addresses, names of operations). Neither the URL nor a header is in it, which may hold a secret.
 */
function accessLine(record: RequestRecord, level: number): string {
  const method = methods.has(record.method) ? record.method : 'other'
  const ms = Math.round(record.milliseconds * 100) / 100
  return `{"level":${level},"time":"${timeText()}"${text('operation', record.operation)},"method":"${method}"${number('status', record.status)}${number('resultStatus', record.resultStatus)}${text('code', record.code)}${record.isCut ? ',"cut":true' : ''},"ms":${ms}${text('actorKind', record.actorKind)}${text('actorId', record.actorId)}${text('orgId', record.orgId)}${text('address', record.address || undefined)},"requestId":"${record.requestId}"${text('traceId', record.traceId)},"msg":"request"}\n`
}

/** Logs one line for every request from now on. Files of the console are for `debug`, since each page has dozens of them. */
export function logRequests(): () => void {
  const isDebug = log.isLevelEnabled('debug')
  if (!log.isLevelEnabled('info')) return () => {}
  return watchRequests((record) => {
    if (record.operation !== 'file') logLine(accessLine(record, 30))
    else if (isDebug) logLine(accessLine(record, 20))
  })
}
