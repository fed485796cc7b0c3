import { TryLater } from '#domain/errors'
import { heldByOthers, hasOthers, shareHeld } from '../workers/others.ts'

/** Bytes held at once: of one owner, and in all. `part`: how much of what stays free an owner can hold, a quarter by default. */
type Budget = { own: number; all: number; part?: number }

/** Who holds bytes: an organization, then its caller. Both are unique ids, so one ledger can count them. */
export type Owners = readonly string[]

/**
 * Counts bytes held for clients. `take` throws when an owner would hold more than `own`, or more than a part of what stays free:
 * however many owners take all they can, the next one still gets some. A caller leaves as much of the organization's part as they
 * take. Every take must be given back. With a `name`, workers count together, each of the others as of a moment ago.
 */
export function createLedger({ own, all, part = 1 / 4 }: Budget, sentences: { own: string; all: string }, name?: string) {
  const held = new Map<string, number>()
  let total = 0
  const heldBy = (owner: string) => held.get(owner) ?? 0
  const isShared = () => name !== undefined && hasOthers()
  function share(owners: Owners, bytes: number): void {
    for (const owner of owners) shareHeld(`${name} ${owner}`, bytes)
    shareHeld(name!, bytes)
  }
  /** What all workers hold. */
  const heldInAll = (owner: string) => heldBy(owner) + (isShared() ? heldByOthers(`${name} ${owner}`) : 0)
  const totalInAll = () => total + (isShared() ? heldByOthers(name!) : 0)
  function hold(owners: Owners, bytes: number): void {
    for (const owner of owners) held.set(owner, heldBy(owner) + bytes)
    total += bytes
    if (isShared()) share(owners, bytes)
  }
  return {
    take(owners: Owners, bytes: number): void {
      const free = all - totalInAll() - bytes
      if (free < 0) throw new TryLater('overloaded', sentences.all, 1)
      let most = Math.min(own, free * part)
      for (const owner of owners) {
        const mine = heldInAll(owner) + bytes
        if (mine > most) throw new TryLater('too_much_at_once', sentences.own, 1)
        most -= mine
      }
      hold(owners, bytes)
    },
    /** Counts bytes that can no longer be refused. */
    hold,
    give(owners: Owners, bytes: number): void {
      for (const owner of owners) {
        const left = heldBy(owner) - bytes
        if (left > 0) held.set(owner, left)
        else held.delete(owner)
      }
      total -= bytes
      if (isShared()) share(owners, -bytes)
    },
    held: heldInAll,
    total: () => total,
  }
}

export type Ledger = ReturnType<typeof createLedger>
