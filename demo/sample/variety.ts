/** Cycles through `values`. */
export const turn = <T>(values: readonly T[], i: number): T => values[i % values.length]!

/** Mostly `usual`, now and then one of the others. A multiplier spreads them, so that they do not follow the names. */
export const mostly = <T>(usual: T, others: readonly T[], i: number): T =>
  (i * 7 + 3) % 9 === 0 ? turn(others, Math.floor(i / 3)) : usual

export const two = (n: number) => String(n).padStart(2, '0')
