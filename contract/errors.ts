import { z } from 'zod'

/** Every answer ≥ 400 of the Org API (seed: `Error` = `error`, `code`; the rest is ours). */
export const ErrorBody = z.object({
  error: z.string(),
  code: z.string(),
  details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  requestId: z.string(),
})
export type ErrorBody = z.infer<typeof ErrorBody>
