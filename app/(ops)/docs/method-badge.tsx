import { Badge, type BadgeProps } from '#components/ui/badge'

const tones: Record<string, BadgeProps['tone']> = {
  GET: 'neutral',
  POST: 'accent',
  PUT: 'accent',
  PATCH: 'accent',
  DELETE: 'danger',
}

export function MethodBadge({ method }: { method: string }) {
  return (
    <Badge tone={tones[method] ?? 'neutral'} className="font-mono">
      {method}
    </Badge>
  )
}
