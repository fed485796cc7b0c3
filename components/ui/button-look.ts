import { clsx } from 'clsx'

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger' | 'destroy'
export type ButtonSize = 'sm' | 'md'

const variants = {
  primary: 'border-transparent bg-accent text-on-accent hover:not-data-disabled:bg-accent-hover',
  secondary: 'border-line bg-raised text-ink hover:not-data-disabled:bg-hover data-popup-open:bg-hover',
  ghost:
    'border-transparent text-muted hover:not-data-disabled:bg-hover hover:not-data-disabled:text-ink data-popup-open:bg-hover',
  // `danger` leads to something destructive; `destroy` is the one button that does it, in the confirm dialog.
  danger:
    'border-line bg-raised text-danger-ink hover:not-data-disabled:border-danger-line hover:not-data-disabled:bg-danger-soft',
  destroy: 'border-transparent bg-danger text-on-danger hover:not-data-disabled:bg-danger-hover',
} satisfies Record<ButtonVariant, string>

const sizes = { sm: 'h-7 px-2.5 text-xs', md: 'h-8 px-3 text-sm' } satisfies Record<ButtonSize, string>

/** A disabled button looks the same in every variant: muted, legible, and without color. */
const off =
  'data-disabled:not-aria-busy:border-line data-disabled:not-aria-busy:bg-sunken data-disabled:not-aria-busy:text-faint data-disabled:cursor-not-allowed aria-busy:cursor-progress'

export const buttonLook = (variant: ButtonVariant, size: ButtonSize, className?: string) =>
  clsx(
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap transition-colors select-none [&_svg]:shrink-0',
    variants[variant],
    sizes[size],
    off,
    className,
  )
