import { Checkbox } from '#components/ui/checkbox'
import type { Revocable } from '#contract/members/made-by'

interface RevokeMadeProps {
  revoke: readonly Revocable[]
  onRevoke: (revoke: Revocable[]) => void
}

const kinds = [
  ['tokens', 'Revoke the project tokens they created', 'Scripts that use them stop working immediately.'],
  [
    'webhooks',
    'Delete the webhooks they created',
    'Webhooks that also serve other projects only stop serving the project they leave.',
  ],
] as const

/** Lets the user also revoke what several leaving members made, as far as they may revoke it. */
export function RevokeMade({ revoke, onRevoke }: RevokeMadeProps) {
  return (
    <div className="space-y-2">
      {kinds.map(([kind, label, hint]) => (
        <Checkbox
          key={kind}
          label={label}
          hint={hint}
          checked={revoke.includes(kind)}
          onChange={(checked) => onRevoke(checked ? [...revoke, kind] : revoke.filter((one) => one !== kind))}
        />
      ))}
    </div>
  )
}
