import { z } from 'zod'
import { Metadata, Name } from '#contract/common'
import { optionalJsonObjectText } from '#components/form/json-text'

/** What is typed into the form, and what is sent of it. */
export const General = z.object({
  name: Name,
  metadata: optionalJsonObjectText.transform((value, context) => {
    const parsed = Metadata.safeParse(value)
    if (parsed.success) return parsed.data
    context.addIssue({ code: 'custom', message: parsed.error.issues[0]?.message ?? 'is not valid' })
    return z.NEVER
  }),
})
