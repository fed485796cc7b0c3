import { z } from 'zod'
import { Mono } from '#components/ui/mono'
import { AllowedAddresses as List } from '#contract/tokens/tokens'

/** Parses a form's text into the API's list. The error names the first invalid entry. */
export const AllowedAddressesText = z.string().transform((text, context) => {
  const entries = text.split(/[\s,;]+/).filter(Boolean)
  const parsed = List.safeParse(entries)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const entry = entries[Number(issue?.path[0])]
  context.addIssue({ code: 'custom', message: [entry, issue?.message].filter(Boolean).join(' ') })
  return z.NEVER
})

/** Label and hint of the field. */
export const allowedAddressesField = {
  label: 'Allowed IP addresses',
  placeholder: '198.51.100.0/24, 2001:db8::/32',
  hint: 'IP addresses or networks, separated by commas. Requests from elsewhere are refused.',
  optional: true,
}

/** The addresses from which a token works: the first of them and the number of others. */
export function AllowedAddresses({ addresses }: { addresses: readonly string[] }) {
  const [first, ...others] = addresses
  if (first === undefined) return <span className="text-muted">Anywhere</span>
  return (
    <span className="whitespace-nowrap" title={addresses.join(', ')}>
      <Mono>{first}</Mono>
      {others.length > 0 && <span className="text-muted"> and {others.length} more</span>}
    </span>
  )
}
