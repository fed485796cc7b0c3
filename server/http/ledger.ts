import { TryLater } from '#domain/errors'

/** Bytes held at once: of one owner, and in all. */
type Budget = { own: number; all: number }

/**
 * Counts bytes held for clients. `take` throws when an owner, or all together, would hold too much. Every take must be given
 * back.
 */
export function createLedger({ own, all }: Budget, sentences: { own: string; all: string }) {
  const held = new Map<string, number>()
  let total = 0
  function hold(owner: string, bytes: number): void {
    held.set(owner, (held.get(owner) ?? 0) + bytes)
    total += bytes
  }
  return {
    take(owner: string, bytes: number): void {
      if ((held.get(owner) ?? 0) + bytes > own) throw new TryLater('too_much_at_once', sentences.own, 1)
      if (total + bytes > all) throw new TryLater('overloaded', sentences.all, 1)
      hold(owner, bytes)
    },
    /** Counts bytes that can no longer be refused. */
    hold,
    give(owner: string, bytes: number): void {
      const left = (held.get(owner) ?? 0) - bytes
      if (left > 0) held.set(owner, left)
      else held.delete(owner)
      total -= bytes
    },
    held: (owner: string) => held.get(owner) ?? 0,
    total: () => total,
  }
}

export type Ledger = ReturnType<typeof createLedger>
