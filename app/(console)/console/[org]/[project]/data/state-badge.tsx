import { Badge } from '#components/ui/badge'

/** Where an entity or relationship stands. The word says it; the dot tells `active` and `failed`, which every type has. */
export function StateBadge({ state }: { state: string }) {
  if (state === 'active') return <Badge dot="on">{state}</Badge>
  if (state === 'failed')
    return (
      <Badge tone="strong" dot="off">
        {state}
      </Badge>
    )
  return <Badge>{state}</Badge>
}
