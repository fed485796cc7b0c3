import { z } from 'zod'
import { UpdateOrganization } from '#contract/organizations/organizations'

export const Named = UpdateOrganization.pick({ name: true }).required()

const days = UpdateOrganization.shape.maxTokenLifetimeDays.unwrap()

/** An empty field removes the limit. */
export const TokenRule = z.object({
  maxTokenLifetimeDays: z
    .string()
    .trim()
    .transform((text) => (text === '' ? null : Number(text)))
    .pipe(days),
  shortenTokens: z.boolean(),
})
