import { ApiError } from './call.ts'

/** Rows a request: few enough that the progress is visible. */
const ROWS = 50

/** One request about several items. It reports each item's result by its index, and why it was refused. */
export interface Batch<Item> {
  items: readonly Item[]
  send: (items: readonly Item[]) => Promise<readonly { index: number; error: string | null }[]>
}

/** Splits the items into batches of at most `rows`. */
export const batchesOf = <Item>(items: readonly Item[], send: Batch<Item>['send'], rows = ROWS): Batch<Item>[] =>
  Array.from({ length: Math.ceil(items.length / rows) }, (_, i) => ({ items: items.slice(i * rows, (i + 1) * rows), send }))

/**
 * Sends batches one after another: whether an owner is the last one depends on earlier batches. `onResult` gets each item's
 * result. Once the user declines to confirm it's them, the remaining items are refused without asking again.
 */
export async function inTurn<Item>(
  batches: readonly Batch<Item>[],
  onResult: (item: Item, error: Error | null) => void,
): Promise<void> {
  let declined: Error | undefined
  for (const { items, send } of batches) {
    // oxlint-disable-next-line no-await-in-loop
    const went = declined ?? (await send(items).catch(asError))
    if (went instanceof ApiError && went.code === 'reauthentication_required') declined = went
    if (went instanceof Error) for (const item of items) onResult(item, went)
    else for (const { index, error } of went) onResult(items[index]!, error === null ? null : new Error(error))
  }
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)))
