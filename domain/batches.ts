/** Rows in one statement. A longer one would block the event loop while it is printed and parsed, without progress to report. */
const ROWS = 1000

/** Splits a list into batches. */
export function* batchesOf<T>(all: T[], size: number = ROWS): Generator<T[]> {
  for (let start = 0; start < all.length; start += size)
    yield start === 0 && all.length <= size ? all : all.slice(start, start + size)
}
