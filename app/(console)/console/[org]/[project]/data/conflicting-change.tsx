import { JsonDiff } from '#components/ui/json-diff'
import type { Entity } from '#contract/data/entities'

type Changeable = Pick<Entity, 'state' | 'properties' | 'labels'>

const changeable = ({ state, properties, labels }: Changeable) => ({ state, properties, labels })

/** What somebody else changed while the user was typing. The user's text stays and overwrites fields that both changed. */
export function ConflictingChange({ before, after }: { before: Changeable; after: Changeable }) {
  return (
    <section aria-label="What changed in the meantime" className="space-y-2">
      <h3 className="font-medium">What changed in the meantime</h3>
      <JsonDiff before={changeable(before)} after={changeable(after)} label="Their change" />
      <p className="text-xs text-muted">If you save, their changes stay, except where you changed the same thing.</p>
    </section>
  )
}
