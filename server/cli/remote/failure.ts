import { BulkheadError, Unanswered } from '../../../sdk/src/errors.ts'
import { Refused, Unusable } from './errors.ts'
import { plain } from './output.ts'

const codes: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name cannot be looked up now',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ETIMEDOUT: 'it took too long',
  UND_ERR_CONNECT_TIMEOUT: 'it took too long',
  EHOSTUNREACH: 'there is no way to this host',
  ENETUNREACH: 'there is no way to this host',
}

/** From the error itself down to its first cause. */
function* causesOf(error: unknown): Generator<Error & { code?: unknown }> {
  for (let one = error; one instanceof Error; one = one.cause) yield one
}

/** Why a server gave no answer, as a sentence. */
export function reasonOf(error: unknown): string {
  const causes = [...causesOf(error)]
  const unusable = causes.find((one) => one instanceof Unusable)
  if (unusable) return unusable.message
  if (causes.some((one) => one.name === 'TimeoutError')) return 'The server did not answer in 30 seconds'
  if (causes.some((one) => one instanceof SyntaxError)) return 'The answer is not that of a Bulkhead server'
  if (causes.some((one) => one.message.includes('redirect'))) return 'The server redirects to another address. Use that address'
  const code = causes.map((one) => one.code).find((one) => typeof one === 'string')
  if (code === undefined) return 'The server could not be reached'
  if (/CERT|SIGNED|ALTNAME|ISSUER/.test(code)) return `The certificate of the server is not valid: ${code}`
  return `The server could not be reached: ${codes[code] ?? code}`
}

/** What to tell about a failure of a command, and its exit code; undefined when it is none of the server. */
export function failureOf(error: unknown): { lines: string[]; code: number } | undefined {
  if (error instanceof Refused) return { lines: [`${plain(error.message)}.`], code: 1 }
  if (error instanceof Unusable || error instanceof Unanswered) return { lines: [`${plain(reasonOf(error))}.`], code: 3 }
  if (!(error instanceof BulkheadError)) return undefined
  const { message, code, status, details, requestId } = error
  const lines = [
    `${plain(message).replace(/\.$/, '')}.`,
    ...details.map((detail) => `  ${plain(detail.path)}: ${plain(detail.message)}`),
  ]
  if (code === 'unknown') return { lines: [...lines, 'This is not the answer of a Bulkhead server.'], code: 3 }
  if (status >= 500 && requestId) lines.push(`Request id: ${plain(requestId)}`)
  return { lines, code: 1 }
}
