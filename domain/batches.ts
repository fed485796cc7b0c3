/** So many rows go into one statement: a longer one would hold up the event loop while it is printed and read, and tell of nothing. */
const BATCH = 1000

/** A list in pieces. */
export function* batchesOf<T>(all: T[]): Generator<T[]> {
  for (let start = 0; start < all.length; start += BATCH)
    yield start === 0 && all.length <= BATCH ? all : all.slice(start, start + BATCH)
}
