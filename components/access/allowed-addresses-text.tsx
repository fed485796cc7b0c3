import { z } from 'zod'
import { AllowedAddresses } from '#contract/tokens/tokens'

/** Parses a form's text into the API's list. The error names the first invalid entry. */
export const AllowedAddressesText = z.string().transform((text, context) => {
  const entries = text.split(/[\s,;]+/).filter(Boolean)
  const parsed = AllowedAddresses.safeParse(entries)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const entry = entries[Number(issue?.path[0])]
  context.addIssue({ code: 'custom', message: [entry, issue?.message].filter(Boolean).join(' ') })
  return z.NEVER
})
