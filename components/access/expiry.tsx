'use client'

import { Badge } from '#components/ui/badge'
import { Time, useNow } from '#components/ui/time'

/** When an access expires; highlights an expired one. */
export function Expiry({ value }: { value: string | null }) {
  const now = useNow()
  if (value === null) return <span className="text-muted">Never</span>
  const expired = now !== null && Date.parse(value) <= now
  if (!expired) return <Time value={value} />
  return (
    <span className="inline-flex items-center gap-1.5">
      <Badge tone="strong" dot="off">
        Expired
      </Badge>
      <Time value={value} className="whitespace-nowrap text-muted tabular-nums" />
    </span>
  )
}
