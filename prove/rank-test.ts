const median = (sorted: number[]) => sorted[Math.floor(sorted.length / 2)]!

/** The two-sided p of a standard normal value (Abramowitz and Stegun, 26.2.17). */
function tail(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return (2 * poly * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)
}

/** Mann and Whitney's test: how likely ranks so far apart are when both come from the same. */
export function mannWhitney(one: number[], other: number[]): number {
  const all = [...one.map((value) => ({ value, mine: true })), ...other.map((value) => ({ value, mine: false }))]
  all.sort((a, b) => a.value - b.value)
  let ranks = 0
  for (let from = 0, to = 0; from < all.length; from = to) {
    while (to < all.length && all[to]!.value === all[from]!.value) to++
    // What is equal shares its ranks.
    for (const { mine } of all.slice(from, to)) if (mine) ranks += (from + 1 + to) / 2
  }
  const [n, m] = [one.length, other.length]
  const u = ranks - (n * (n + 1)) / 2
  return tail((u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12))
}

/** Undefined while two samples of times are alike: medians within 15 %, or nothing that chance does not do. */
export function differ(one: number[], other: number[]): { by: number; said: string } | undefined {
  const [a, b] = [median(one.toSorted((x, y) => x - y)), median(other.toSorted((x, y) => x - y))]
  const p = mannWhitney(one, other)
  const by = (a - b) / Math.min(a, b)
  if (Math.abs(by) <= 0.15 || p >= 0.001) return undefined
  return { by, said: `${a.toFixed(2)} ms, unknown ${b.toFixed(2)} ms, p ${p.toExponential(1)}` }
}
