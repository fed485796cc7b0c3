import { z } from 'zod'

/** Addresses as people paste them: one a line, or separated by spaces, commas or semicolons. */
export const addressesText = z
  .string()
  .transform((text) => text.split(/[\s,;]+/).filter(Boolean))
  .pipe(z.array(z.string()).min(1, 'Enter at least one email address.').max(200, 'Enter at most 200 addresses at once.'))
