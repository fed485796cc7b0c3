/** The events that the overview shows. */
export const latest = { limit: 8 } as const
