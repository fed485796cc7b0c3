/** How long a loop may hold the event loop, in milliseconds, before others get a turn. */
const SPELL = 10

/** Lets everything else that is ready run first. */
export const giveWay = () => new Promise<void>((resolve) => void setImmediate(resolve))

/** `if (turn.isOver()) await turn.giveWay()`, in a loop over what a caller sent. */
export function takeTurns() {
  let since = performance.now()
  return {
    isOver: () => performance.now() - since > SPELL,
    async giveWay(): Promise<void> {
      await giveWay()
      since = performance.now()
    },
  }
}

/** `for await (const item of inTurns(items))`: a loop that lets others run in between. */
export async function* inTurns<T>(items: Iterable<T>): AsyncGenerator<T, void, void> {
  const turn = takeTurns()
  for (const item of items) {
    if (turn.isOver()) await turn.giveWay()
    yield item
  }
}

/** `items.map(of)`, in turns. */
export async function mapInTurns<T, U>(items: Iterable<T>, of: (item: T) => U): Promise<U[]> {
  const results: U[] = []
  for await (const item of inTurns(items)) results.push(of(item))
  return results
}

const RUN = 2000

/** Sorts items by key, in turns: sorts short runs, then merges them. Stable: of equal keys the earlier item comes first. */
export async function sortInTurns<T>(items: T[], keyOf: (item: T) => string): Promise<T[]> {
  type Keyed = { key: string; item: T }
  const turn = takeTurns()
  let runs: Keyed[][] = []
  for (let start = 0; start < items.length; start += RUN) {
    const run = items.slice(start, start + RUN).map((item) => ({ key: keyOf(item), item }))
    runs.push(run.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)))
    if (turn.isOver()) await turn.giveWay()
  }
  while (runs.length > 1) {
    const merged: Keyed[][] = []
    for (let i = 0; i < runs.length; i += 2) merged.push(runs[i + 1] ? await merge(runs[i]!, runs[i + 1]!, turn) : runs[i]!)
    runs = merged
  }
  return mapInTurns(runs[0] ?? [], ({ item }) => item)
}

async function merge<Keyed extends { key: string }>(
  left: Keyed[],
  right: Keyed[],
  turn: ReturnType<typeof takeTurns>,
): Promise<Keyed[]> {
  const merged: Keyed[] = []
  let l = 0
  let r = 0
  while (l < left.length || r < right.length) {
    const isLeft = r === right.length || (l < left.length && left[l]!.key <= right[r]!.key)
    merged.push(isLeft ? left[l++]! : right[r++]!)
    if (merged.length % 256 === 0 && turn.isOver()) await turn.giveWay()
  }
  return merged
}
