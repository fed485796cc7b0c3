import { Checkbox } from '#components/ui/checkbox'
import type { Revocable } from '#contract/members/made-by'

interface RevokeMadeProps {
  revoke: readonly Revocable[]
  onRevoke: (revoke: Revocable[]) => void
}

const kinds = [
  ['tokens', 'Revoke the project tokens they made', 'Scripts that use them stop working at once.'],
  ['webhooks', 'Delete the webhooks they made', 'One that serves other projects too only stops serving the project they leave.'],
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
