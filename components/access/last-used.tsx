import { Mono } from '#components/ui/mono'
import { Time } from '#components/ui/time'

interface LastUsedProps {
  at: string | null
  /** The last address, when known. */
  address: string | null
}

/** When a token was last used, and from where. */
export function LastUsed({ at, address }: LastUsedProps) {
  if (at === null) return <span className="text-muted">Never</span>
  return (
    <span className="block leading-4">
      <Time value={at} className="block whitespace-nowrap tabular-nums" />
      {address !== null && (
        <span className="block text-xs/4 whitespace-nowrap text-muted">
          from <Mono quiet>{address}</Mono>
        </span>
      )}
    </span>
  )
}
