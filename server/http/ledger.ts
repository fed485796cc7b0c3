import { TryLater } from '#domain/errors'

/** Bytes that are held at once: so many of one owner, and so many in all. */
type Budget = { own: number; all: number }

/**
 * Counts what is held for clients. `take` throws where an owner, or everybody together, would hold too much; what was taken must be given back.
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
    /** Counts what cannot be refused any more. */
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
