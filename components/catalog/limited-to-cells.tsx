import { Checkbox } from '#components/ui/checkbox'
import { Notice } from '#components/ui/notice'

interface LimitedToCellsProps {
  /** Members and tokens, as the API names them. */
  names: string[]
  force: boolean
  onForce: (force: boolean) => void
}

/** Lists who is limited to a cell that is about to be deleted, and offers to delete it anyway. */
export function LimitedToCells({ names, force, onForce }: LimitedToCellsProps) {
  return (
    <>
      <Notice tone="danger">
        Deleting this cell changes what people or tokens can see: some are limited to it or to a cell above it.
      </Notice>
      {/* Before the list, which may be long. */}
      <Checkbox
        label="Delete it anyway"
        hint="Their access keeps this cell’s name. If you add a cell with the same name, they see what is in it."
        checked={force}
        onChange={onForce}
      />
      <ul aria-label="Limited to it" className="ml-6 divide-y divide-line rounded-md border border-line">
        {names.map((name, i) => (
          // oxlint-disable-next-line react/no-array-index-key -- two tokens may have one name
          <li key={i} className="px-3 py-1.5 wrap-anywhere">
            {name}
          </li>
        ))}
      </ul>
    </>
  )
}
