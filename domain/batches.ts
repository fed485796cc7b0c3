/** So many rows go into one statement: a longer one would hold up the event loop while it is printed and read, and tell of nothing. */
const ROWS = 1000

/** A list in pieces. */
export function* batchesOf<T>(all: T[], size: number = ROWS): Generator<T[]> {
  for (let start = 0; start < all.length; start += size)
    yield start === 0 && all.length <= size ? all : all.slice(start, start + size)
}
