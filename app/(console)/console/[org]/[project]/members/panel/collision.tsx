import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { type AccessField, type AccessValues, inWords, labels } from './access-values.ts'
import { Changes } from './changes.tsx'

interface CollisionProps {
  before: AccessValues
  mine: AccessValues
  theirs: AccessValues
  /** The fields that both changed. */
  both: readonly AccessField[]
  onChoose: (whose: 'mine' | 'theirs') => void
}

/** What somebody else has saved meanwhile. What they didn't touch stays as it was chosen here; the rest is a choice. */
export function Collision({ before, mine, theirs, both, onChoose }: CollisionProps) {
  return (
    <Notice tone="warning" title="Somebody else changed this access in the meantime">
      <Changes label="Their changes" before={before} after={theirs} />
      <p className="mt-1.5">
        {both.length === 0
          ? 'Nothing that you chose is affected. Check it, then save again.'
          : `You chose ${both.map((field) => `${labels[field].toLowerCase()} ${inWords[field](mine)}`).join('; ')}. Your other changes stay.`}
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        {both.length === 0 ? (
          <Button size="sm" onClick={() => onChoose('mine')}>
            Keep both
          </Button>
        ) : (
          <>
            <Button size="sm" onClick={() => onChoose('mine')}>
              Keep mine
            </Button>
            <Button size="sm" onClick={() => onChoose('theirs')}>
              Take theirs
            </Button>
          </>
        )}
      </div>
    </Notice>
  )
}
