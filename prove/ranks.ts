const median = (sorted: number[]) => sorted[Math.floor(sorted.length / 2)]!

/**
 * Whether two samples of times differ by more than chance (Mann and Whitney's U, as a share of pairs). `least`: how far the
 * medians must differ as well, as a fraction of the smaller one.
 */
export function differ(one: readonly number[], other: readonly number[], least = 0) {
  const all = [...one.map((time) => ({ time, first: true })), ...other.map((time) => ({ time, first: false }))]
  const ranked = all.toSorted((a, b) => a.time - b.time)
  const ranks = ranked.reduce((sum, { first }, i) => (first ? sum + i + 1 : sum), 0)
  const pairs = one.length * other.length
  const share = (ranks - (one.length * (one.length + 1)) / 2) / pairs
  const chance = Math.sqrt((one.length + other.length + 1) / (12 * pairs))
  const [a, b] = [median(one.toSorted((x, y) => x - y)), median(other.toSorted((x, y) => x - y))]
  const by = (a - b) / Math.min(a, b)
  const differs = Math.abs(share - 0.5) > 4 * chance && Math.abs(by) >= least
  const words = `medians ${a.toFixed(2)} and ${b.toFixed(2)} ms, longer in ${(share * 100).toFixed(1)} % of pairs (chance: 50 ± ${(400 * chance).toFixed(1)})`
  return { differs, by, words }
}
