import type { MetricObject } from 'prom-client'

/** What a worker has counted: calls of callers, and by how much what is held under a key has changed. */
export type Update = { calls: [caller: string, n: number][]; held: [key: string, by: number][] }

/** What only the parent can decide: one call of a caller who has few left, and one of `most` places under a key. */
export type Question = { call: string } | { claim: string; most: number }

/** `ahead`: milliseconds until the caller has all of their calls again. */
export type Counted = { allowance: { limit: number; remaining: number; resets: number; waits: number }; ahead: number }

export type FromWorker =
  | { kind: 'ready'; version: string }
  /** The worker has a connection that was handed to it. */
  | { kind: 'took'; id: number }
  /** So many of its connections have closed. */
  | { kind: 'closed'; n: number }
  | ({ kind: 'update' } & Update)
  | { kind: 'ask'; id: number; question: Question }
  | { kind: 'give'; claim: string }
  /** Its metrics: an answer to `measure`, or before it ends. */
  | { kind: 'measured'; id: number | null; metrics: MetricObject[] }

export type FromParent =
  /** With a connection. */
  | { kind: 'hand'; id: number }
  | ({ kind: 'update' } & Update)
  /** What the others have counted before the worker began. */
  | { kind: 'known'; ahead: [caller: string, ahead: number][]; held: [key: string, n: number][] }
  | { kind: 'answer'; id: number; value: Counted | boolean }
  | { kind: 'measure'; id: number }
  /** `drain`: the server stops; no longer ready. `leave`: another worker takes over. `stop`: end as soon as possible. */
  | { kind: 'drain' | 'leave' | 'stop' }
