export const KIB = 1024
export const MIB = 1024 * KIB

/** Limits on a body while it arrives. */
export const bodyLimits = {
  /** Bytes kept in memory; a longer body goes to a file. */
  memory: MIB,
  /** The longest body that is ever loaded whole, in bytes. Longer ones are read piece by piece. */
  whole: 16 * MIB,
  /** The body of a call without a credential, in bytes. */
  uncredited: 64 * KIB,
  /** Pieces that are free. Beyond them, pieces must have this many bytes on average, so that nobody sends a byte at a time. */
  freePieces: 256,
  pieceBytes: 32,
  /** Milliseconds in which a body must arrive, plus the time for its length at this many bytes a second. */
  grace: 10_000,
  slowest: 8 * KIB,
  /** Milliseconds for which nothing at all may arrive, however much came before. */
  silence: 30_000,
  /** Milliseconds after which the sender is looked up again, because their session or token may have ended meanwhile. */
  unquestioned: 1000,
  /**
   * Bytes and milliseconds for which the rest of a refused body is still read and discarded, so that the client reads the
   * refusal: many clients read only once they have sent everything.
   */
  discarded: 16 * MIB,
  discardTime: 2000,
}
