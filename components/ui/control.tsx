import { clsx } from 'clsx'

/** The look shared by all controls for typing or choosing. */
export const control =
  'rounded-md border border-edge bg-raised text-ink transition-[border-color] hover:border-faint focus-within:border-accent focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-solid focus-within:outline-accent data-invalid:border-ink data-invalid:shadow-[inset_2px_0_0_var(--ink)] data-disabled:border-line data-disabled:bg-sunken data-disabled:text-muted'

/** A line of a list that opens from a control. */
export const optionLook =
  'grid min-h-8 cursor-default grid-cols-[1rem_1fr_auto] items-center gap-x-2 rounded-sm py-1.5 pr-2 pl-1.5 outline-none select-none data-highlighted:bg-hover data-disabled:text-faint'

/** The button of a select. */
export const selectLook = (size: 'sm' | 'md', className?: string) =>
  clsx(
    control,
    'flex w-full min-w-0 items-center gap-1.5 text-left',
    size === 'sm' ? 'h-7 pr-1.5 pl-2 text-xs' : 'h-8 pr-2 pl-2.5',
    className,
  )
