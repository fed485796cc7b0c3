'use client'

import { Badge } from '#components/ui/badge'
import { Time, useNow } from '#components/ui/time'

/** Milliseconds within which an expiry counts as soon. */
const SOON = 14 * 86_400_000

/** When an access expires; highlights one that has expired or soon will. */
export function Expiry({ value }: { value: string | null }) {
  const now = useNow()
  if (value === null) return <span className="text-muted">Never</span>
  const expired = now !== null && Date.parse(value) <= now
  const isSoon = now !== null && Date.parse(value) <= now + SOON
  if (!isSoon) return <Time value={value} />
  return (
    <span className="inline-flex items-center gap-1.5">
      {expired ? (
        <Badge tone="strong" dot="off">
          Expired
        </Badge>
      ) : (
        <Badge tone="warn" dot="on">
          Expiring
        </Badge>
      )}
      <Time value={value} className="whitespace-nowrap text-muted tabular-nums" />
    </span>
  )
}
