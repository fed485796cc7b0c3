/** A name that opens its panel, in a table or in another panel. */
export function PartLink({ name, onOpen, panel = false }: { name: string; onOpen: () => void; panel?: boolean }) {
  return (
    <button
      type="button"
      aria-haspopup={panel ? undefined : 'dialog'}
      onClick={onOpen}
      className="max-w-full truncate rounded-sm font-mono text-xs/5 font-medium underline-offset-3 hover:underline"
    >
      {name}
    </button>
  )
}
