// What parts of the process count for the metrics, which may be off. Here, so that those parts need not know the metrics.

/** Tries to deliver to a webhook since the start. */
export const deliveryTries = { delivered: 0, failed: 0 }

/** Statements since the start that took longer than `BULKHEAD_SLOW_STATEMENT_MS`. */
export const statements = { slow: 0 }
