import { Checkbox } from '#components/ui/checkbox'
import { Notice } from '#components/ui/notice'
import type { ApiError } from '#queries/call'

interface LimitedToCellsProps {
  error: ApiError
  force: boolean
  onForce: (force: boolean) => void
}

/** Who is named where somebody is limited to a cell that would change, and the choice to do it anyway. */
export function LimitedToCells({ error, force, onForce }: LimitedToCellsProps) {
  return (
    <>
      <Notice tone="danger" title="Somebody is limited to this cell, or to one above it. Deleting it:">
        <LimitedList error={error} />
      </Notice>
      <Checkbox
        label="Delete it anyway"
        hint="Their limits keep its name: they see what is in a cell of this name once there is one again."
        checked={force}
        onChange={onForce}
      />
    </>
  )
}

/** The same alone: a line for each that the caller may know. */
export const LimitedList = ({ error: { details } }: { error: ApiError }) => (
  <ul className="mt-1 list-disc space-y-0.5 pl-4">
    {details.map(({ message }) => (
      <li key={message} className="wrap-anywhere">
        {message}
      </li>
    ))}
  </ul>
)
