import { Mono } from '#components/ui/mono'

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
