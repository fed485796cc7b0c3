import type { ApplyProgress } from '#contract/apply'

/** Told how far an apply has come, while it is still under way. */
export type Report = (progress: ApplyProgress) => void

/** So many rows are written between two reports. */
const BATCH = 1000

/** A list in pieces, so that writing it can be told of piece by piece. */
export function* batchesOf<T>(all: T[]): Generator<T[]> {
  for (let start = 0; start < all.length; start += BATCH) yield all.slice(start, start + BATCH)
}
