/** Counts who holds places under a key. */
export function createClaims() {
  const taken = new Map<string, number>()
  return {
    take(key: string, most: number): boolean {
      const n = taken.get(key) ?? 0
      if (n >= most) return false
      taken.set(key, n + 1)
      return true
    },
    give(key: string): void {
      const rest = (taken.get(key) ?? 0) - 1
      if (rest > 0) taken.set(key, rest)
      else taken.delete(key)
    },
  }
}
