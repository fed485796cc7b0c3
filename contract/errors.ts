import { z } from 'zod'
import { FactorMethod } from './accounts/factors.ts'

/** The body of every answer ≥ 400 of the Org API (seed: `Error` = `error`, `code`; the rest is our own). */
export const ErrorBody = z.object({
  error: z.string(),
  code: z.string(),
  details: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .optional()
    .describe('Which fields are wrong; at most the first hundred.'),
  methods: z
    .array(FactorMethod)
    .optional()
    .describe('With `second_factor_required`: the second factors that the caller can use.'),
  requestId: z.string(),
})
export type ErrorBody = z.infer<typeof ErrorBody>
