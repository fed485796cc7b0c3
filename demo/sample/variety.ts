/** The one of `values` whose turn it is. */
export const turn = <T>(values: readonly T[], i: number): T => values[i % values.length]!

/** Mostly `usual`, and every so often one of the others: spread by a multiplier, so that it does not follow the names. */
export const mostly = <T>(usual: T, others: readonly T[], i: number): T =>
  (i * 7 + 3) % 9 === 0 ? turn(others, Math.floor(i / 3)) : usual

export const two = (n: number) => String(n).padStart(2, '0')
