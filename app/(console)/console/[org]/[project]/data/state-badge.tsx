import { Badge } from '#components/ui/badge'

/** The state of an entity or relationship. The word names it; a dot marks `active` and `failed`, which every type has. */
export function StateBadge({ state }: { state: string }) {
  if (state === 'active')
    return (
      <Badge tone="ok" dot="on">
        {state}
      </Badge>
    )
  if (state === 'failed')
    return (
      <Badge tone="warn" dot="off">
        {state}
      </Badge>
    )
  return <Badge>{state}</Badge>
}
