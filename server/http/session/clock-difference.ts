/** Seconds by which the clock of whoever signs people in may differ from ours: of a provider, and of the issuer of JWTs. */
export const CLOCK_DIFFERENCE = 30
