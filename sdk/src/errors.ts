import type { ErrorCode } from './types.gen.ts'

type Detail = { path: string; message: string }
type Body = { error: string; code: string; details?: Detail[]; requestId: string }

const isBody = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && 'error' in value && 'code' in value

/** A refusal of the server. */
export class BulkheadError extends Error {
  override readonly name = 'BulkheadError'
  readonly status: number
  /** What went wrong, for programs. `unknown` when something between here and the server has answered. */
  readonly code: ErrorCode | 'unknown'
  /** Which fields are wrong. */
  readonly details: readonly Detail[]
  /** For the server's log. */
  readonly requestId: string | null
  /** Seconds after which the server takes another try; null when it does not say. */
  readonly retryAfter: number | null

  constructor(status: number, { error, code, details = [], requestId }: Body, retryAfter: number | null) {
    super(error)
    this.status = status
    this.code = code as ErrorCode
    this.details = details
    this.requestId = requestId
    this.retryAfter = retryAfter
  }

  static async of(response: Response): Promise<BulkheadError> {
    const body: unknown = await response.json().catch(() => undefined)
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
    const requestId = response.headers.get('x-request-id') ?? ''
    const told = isBody(body) ? body : { error: `The server answered ${response.status}`, code: 'unknown', requestId }
    return new BulkheadError(response.status, told, Number.isFinite(seconds) ? seconds : null)
  }

  /** Whether it is this refusal: `if (error.is('slug_taken')) …`. */
  is(code: ErrorCode): boolean {
    return this.code === code
  }

  /** Milliseconds until another try may succeed; undefined when none can. */
  pause(tried: number): number | undefined {
    const isPassing = this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504
    if (!isPassing) return undefined
    return this.retryAfter === null ? 250 * 2 ** tried : this.retryAfter * 1000
  }
}

/** No answer: the server is away, too slow, or the answer is not what a Bulkhead server sends. The cause says more. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered'

  constructor(method: string, url: string, options: ErrorOptions) {
    super(`No answer to ${method} ${new URL(url).pathname}`, options)
  }
}
