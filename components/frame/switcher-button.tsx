import { clsx } from 'clsx'
import { ChevronsUpDown } from 'lucide-react'
import { Avatar } from '#components/ui/avatar'

export interface SwitcherItem {
  id: string
  name: string
  /** Below the name. */
  slug: string
  href: string
}

export interface SwitcherProps {
  /** What is switched: "Organization". */
  label: string
  items: readonly SwitcherItem[]
  /** The id of the current one; null when none is selected. */
  current: string | null
  /** Shown when none is selected: "All projects". */
  placeholder: string
  /** A link below the list: "All projects", "New organization". */
  footer?: { label: string; href: string }
  /** Called with the typed text when the server searches; the items are then shown unfiltered. */
  onSearch?: (text: string) => void
}

export const switcherLook =
  'flex h-9 w-full min-w-0 items-center gap-2 rounded-md px-2 text-left hover:bg-hover data-popup-open:bg-hover'

/** The name on the button. */
export function Current({ name, placeholder }: { name: string | undefined; placeholder: string }) {
  return (
    <>
      <Avatar name={name ?? '·'} size="sm" square />
      <span className={clsx('min-w-0 flex-1 truncate font-medium', !name && 'text-muted')}>{name ?? placeholder}</span>
      <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-faint" />
    </>
  )
}
