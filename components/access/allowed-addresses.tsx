import { z } from 'zod'
import { Mono } from '#components/ui/mono'
import { AllowedAddresses as List } from '#contract/tokens/tokens'

/** A form's text as the list that the API takes; the first entry that does not fit is named. */
export const AllowedAddressesText = z.string().transform((text, context) => {
  const entries = text.split(/[\s,;]+/).filter(Boolean)
  const parsed = List.safeParse(entries)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const entry = entries[Number(issue?.path[0])]
  context.addIssue({ code: 'custom', message: [entry, issue?.message].filter(Boolean).join(' ') })
  return z.NEVER
})

/** What a field for them says. */
export const allowedAddressesField = {
  label: 'Allowed addresses',
  placeholder: '198.51.100.0/24, 2001:db8::/32',
  hint: 'Addresses or networks, with commas between them. Elsewhere the token is refused.',
  optional: true,
}

/** The addresses from which a token may be used; the first of them, and how many more. */
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
