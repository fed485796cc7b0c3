import { z } from 'zod'
import { Name } from '#contract/common'

/** Why a project is protected; nothing typed is no reason. */
export const Reason = z.object({
  reason: z
    .string()
    .trim()
    .transform((text) => text || null)
    .pipe(Name.nullable()),
})
