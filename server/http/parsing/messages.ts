import type { ErrorCode } from '#contract/errors'
import type { ErrorDetail } from '#domain/errors'
import type { Piece } from './pieces.ts'
import type { Format } from './value.ts'

/** A body, and the operation whose shape it should have, by its dialect, method and path. */
export type Task = { operation: string; format: Format; bytes: Uint8Array }

/** A `DomainError` on its way to another thread. */
export type Refusal = { code: ErrorCode; sentence: string; details: ErrorDetail[] | undefined; problems: number }

/** To a worker: a task, or permission to send the next piece. */
export type ToWorker = { task: Task } | { next: true }
export type FromWorker = { piece: Piece; isLast: boolean } | { refusal: Refusal } | { bug: unknown }
