import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { needForce } from '#components/catalog/need-force'
import type { ApiError } from '#queries/call'

interface RefusalProps {
  error: ApiError
  /** The line of an item, or of a field in it. */
  place: (index: number, path?: string) => number | undefined
  onGoTo: ((line: number) => void) | undefined
  forced: boolean
  onForce: () => void
}

const inItems = /^items\.(\d+)(?:\.(.*))?$/s

/** Why the whole document was refused, and where in it. */
export function Refusal({ error, place, onGoTo, forced, onForce }: RefusalProps) {
  const destructive = error.code in needForce
  return (
    <Notice
      tone={destructive ? 'danger' : 'warning'}
      title={destructive ? `${needForce[error.code]}. Nothing was changed.` : error.message}
      action={
        destructive &&
        !forced && (
          <Button variant="danger" onClick={onForce}>
            Show difference with force
          </Button>
        )
      }
    >
      {error.details.length > 0 && (
        <ul className="mt-1 space-y-1">
          {error.details.map(({ path, message }, i) => {
            const [, index, field] = inItems.exec(path) ?? []
            const line = index === undefined ? undefined : place(Number(index), field)
            return (
              // oxlint-disable-next-line react/no-array-index-key -- two tokens may have one name
              <li key={i}>
                {index === undefined && path && path !== 'force' ? `${path} ` : ''}
                {message}{' '}
                {line !== undefined && (
                  <button
                    type="button"
                    disabled={!onGoTo}
                    onClick={() => onGoTo?.(line)}
                    className="rounded-sm text-accent-ink underline decoration-accent-line underline-offset-3 hover:decoration-current disabled:text-muted disabled:no-underline"
                  >
                    line {line}
                  </button>
                )}
              </li>
            )
          })}
        </ul>
      )}
    </Notice>
  )
}
